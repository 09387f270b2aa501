import Foundation
import Smoot
import Testing

/// `smoot explain` works through many images in pieces; nothing of that is seen in its files.
@Suite(.serialized) struct ExplainStreamTests {
  private let program: Program

  init() throws {
    program = try Program()
    let result = try program.run(program.training + ["--name", "run"])
    #expect(result.status == 0, "\(result.errors)")
  }

  /// 60 images are two pieces.
  private func explain(_ name: String, _ more: [String]) throws -> String {
    let folder = "\(program.folder)/\(name)"
    let result = try program.run(
      ["explain", program.folder + "/runs/run", "--split", "train", "--output", folder] + more)
    #expect(result.status == 0, "\(result.errors)")
    return folder
  }

  private func data(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  /// The numbers behind a header.
  private func numbers(_ path: String) throws -> Data {
    let data = try data(path)
    return data.dropFirst(10 + Int(data[8]) + Int(data[9]) << 8)
  }

  private func maps(_ path: String) throws -> [[Float]] {
    let data = try Data(numbers(path))
    let values = stride(from: 0, to: data.count, by: 4).map { place in
      data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Float.self) }
    }
    return stride(from: 0, to: values.count, by: 784).map { Array(values[$0..<$0 + 784]) }
  }

  private func limits(_ folder: String) throws -> [Double] {
    let record = try #require(
      JSONSerialization.jsonObject(with: data(folder + "/methods.json")) as? [String: Any])
    let methods = try #require(record["methods"] as? [[String: Any]])
    return try #require(methods[0]["drawn_limits"] as? [Double])
  }

  @Test func writesWhatItWritesOfSingleImages() throws {
    defer { program.clean() }
    let whole = try explain("whole", ["--indices", "0:60"])
    let parts = try [("a", "0:7"), ("b", "7:40"), ("c", "40:60")].map {
      try explain($0.0, ["--indices", $0.1])
    }
    for name in ["attributions", "inputs", "logits", "labels", "indices"] {
      let joined = try parts.map { try numbers("\($0)/\(name).npy") }.reduce(Data(), +)
      #expect(try numbers("\(whole)/\(name).npy") == joined, "\(name)")
    }
    #expect(try parts.flatMap(limits) == limits(whole))
    let pictures = try FileManager.default.contentsOfDirectory(atPath: whole + "/maps")
    #expect(pictures.count == 120)
    for name in pictures {
      let part = parts.first { FileManager.default.fileExists(atPath: "\($0)/maps/\(name)") }
      #expect(
        try data("\(whole)/maps/\(name)") == data("\(#require(part))/maps/\(name)"), "\(name)")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: whole).allSatisfy { !$0.hasPrefix(".") })
  }

  /// The limit that all maps share is that of all maps at once.
  @Test(arguments: ["abs", "signed"]) func sharesAScaleAmongPieces(_ sign: String) throws {
    defer { program.clean() }
    let folder = try explain(
      "method", ["--indices", "0:60", "--scale", "method", "--sign", sign])
    let maps = try maps(folder + "/attributions.npy")
    let renderer = HeatmapRenderer(sign: sign == "abs" ? .absolute : .signed)
    let limit = Float(renderer.scale(of: maps).limit)
    #expect(limit > 0)
    #expect(try limits(folder).allSatisfy { Float($0) == limit } && maps.count == 60)
    let scaled = maps.map { $0.map { $0 / limit } }
    let scale = HeatmapScale(inUnitsOf: "the limit", scaled, sign: renderer.sign)
    for image in [0, 31, 32, 59] {
      let drawn = renderer.render(scaled[image], height: 28, width: 28, scale: scale)
      #expect(
        try data("\(folder)/maps/\(image)-map.png") == drawn.image.enlarged(8).pngData(),
        "\(image)")
    }
  }

  /// Fewer pictures change neither arrays nor the pictures that are left.
  @Test func leavesPicturesOut() throws {
    defer { program.clean() }
    let all = try explain("all", ["--indices", "0:40", "--scale", "method"])
    for (choice, hasGrid) in [("grid", true), ("none", false)] {
      let folder = try explain(
        choice, ["--indices", "0:40", "--scale", "method", "--pictures", choice])
      #expect(try data(folder + "/attributions.npy") == data(all + "/attributions.npy"))
      #expect(try limits(folder) == limits(all))
      #expect(!FileManager.default.fileExists(atPath: folder + "/maps"))
      for name in ["grid.png", "overlays.png"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)") == hasGrid)
        if hasGrid { #expect(try data("\(folder)/\(name)") == data("\(all)/\(name)")) }
      }
    }
    let wrong = try program.run([
      "explain", program.folder + "/runs/run", "--pictures", "some", "--output", all,
    ])
    #expect(wrong.status == 64 && wrong.errors.contains("all|grid|none"), "\(wrong.errors)")
  }
}
