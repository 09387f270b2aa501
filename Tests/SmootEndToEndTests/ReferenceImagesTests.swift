import Foundation
import Smoot
import Testing

/// Methods that compare with training images, or know the range of pixels, from the command line.
@Suite(.serialized) struct ReferenceImagesTests {
  private let program: Program

  init() throws {
    program = try Program()
    let result = try program.run(program.training + ["--name", "run"])
    #expect(result.status == 0, "\(result.errors)")
  }

  private var run: String { program.folder + "/runs/run" }

  private func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func floats(_ path: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: path))
    let start = 10 + Int(data[8]) + Int(data[9]) << 8
    return stride(from: start, to: data.count, by: 4).map { place in
      data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Float.self) }
    }
  }

  private func explain(
    _ name: String, _ methods: String, _ more: [String] = [], of pictures: [String] = []
  ) throws -> (result: Program.Result, folder: String) {
    let folder = "\(program.folder)/\(name)"
    let arguments = ["explain", run] + pictures + ["--method", methods, "--output", folder] + more
    return (try program.run(arguments), folder)
  }

  /// A grey picture with a bright row.
  private func picture() throws -> String {
    var bytes: [UInt8] = []
    for pixel in 0..<784 {
      let value = pixel / 28 / 2 == 5 ? 220 : UInt8(pixel % 50)
      bytes += [value, value, value, 255]
    }
    let path = program.folder + "/own.png"
    try RGBAImage(width: 28, height: 28, bytes: bytes).pngData().write(to: URL(filePath: path))
    return path
  }

  @Test func comparesWithTrainingImages() throws {
    defer { program.clean() }
    let methods = "gradient-shap,deeplift-shap,lrp"
    let options = ["--option", "lrp.composite=epsilon-gamma-box", "--indices", "0:3"]
    let (result, folder) = try explain("first", methods, options + ["--seed", "3"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "gradient-shap, deeplift-shap: compared with 32 images of mnist train, drawn by seed 3"),
      "\(result.errors)")
    let record = try json(folder + "/methods.json")
    let references = try #require(record["references"] as? [String: Any])
    let indices = try #require(references["indices"] as? [Int])
    #expect(Set(indices).count == 32 && indices.allSatisfy((0..<60).contains))
    #expect(references["dataset"] as? String == "mnist" && references["seed"] as? Int == 3)
    #expect(references["split"] as? String == "train")
    // MNIST's mean is 0.1307 and its standard deviation 0.3081.
    let range = try #require((record["pixel_range"] as? [[Double]])?.first)
    #expect(abs(range[0] + 0.1307 / 0.3081) < 1e-6 && abs(range[1] - 0.8693 / 0.3081) < 1e-6)

    // The same choices give the same maps; another seed compares with other images.
    let again = try explain("again", methods, options + ["--seed", "3"]).folder
    let other = try explain("other", methods, options + ["--seed", "4"]).folder
    for method in methods.split(separator: ",") {
      let file = "/attributions-\(method).npy"
      let maps = try floats(folder + file)
      #expect(try maps == floats(again + file), "\(method)")
      #expect(try (maps == floats(other + file)) == (method == "lrp"), "\(method)")
      #expect(maps.contains { $0 != 0 } && maps.allSatisfy(\.isFinite))
    }
  }

  /// The mean over all training images does not depend on which are drawn first.
  @Test func drawsEachImageOnce() throws {
    defer { program.clean() }
    let maps = try ["1", "2"].map { seed in
      let (result, folder) = try explain(
        seed, "deeplift-shap", ["--references", "60", "--seed", seed, "--indices", "0:2"])
      #expect(result.status == 0, "\(result.errors)")
      return try floats(folder + "/attributions.npy")
    }
    let scale = maps[0].reduce(0) { max($0, abs($1)) }
    #expect(zip(maps[0], maps[1]).allSatisfy { abs($0 - $1) < 1e-4 * scale })
    #expect(maps[0] != maps[1], "the order of the sums differs")
  }

  @Test func comparesOwnPicturesWithTheModelsData() throws {
    defer { program.clean() }
    let own = try picture()
    let (found, folder) = try explain("own", "gradient-shap", ["--references", "5"], of: [own])
    #expect(found.status == 0, "\(found.errors)")
    let references = try #require(
      try json(folder + "/methods.json")["references"] as? [String: Any])
    #expect((references["indices"] as? [Int])?.count == 5)

    let data = program.folder + "/data"
    try FileManager.default.moveItem(atPath: data, toPath: data + "-moved")
    let missing = try explain("missing", "gradient-shap", of: [own]).result
    #expect(missing.status == 66, "\(missing.status)")
    #expect(
      missing.errors.contains("gradient-shap: the training images to compare with")
        && missing.errors.contains("--data"), "\(missing.errors)")
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/missing/methods.json"))
    // Nothing is read where nothing is compared, and the folder can be named.
    #expect(try explain("plain", "gradient", of: [own]).result.status == 0)
    let named = try explain("named", "gradient-shap", ["--data", data + "-moved"], of: [own])
    #expect(named.result.status == 0, "\(named.result.errors)")
  }

  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    for (methods, more, part) in [
      ("gradient-shap", ["--references", "61"], "61 is above the 60 training images of mnist"),
      ("gradient-shap", ["--references", "0"], "--references: 0 is not above 0"),
      ("gradient,lrp", ["--references", "5"], "none of gradient, lrp compares with images"),
    ] {
      let result = try explain("x", methods, more).result
      #expect(result.status == 64 && result.errors.contains(part), "\(result.errors)")
    }
    // A method inside another one is seen too.
    let inner = try explain(
      "inner", "smoothgrad",
      ["--option", "method=deeplift-shap", "--option", "samples=2", "--indices", "0:1"])
    #expect(inner.result.status == 0, "\(inner.result.errors)")
  }

  @Test func measuresWithReferences() throws {
    defer { program.clean() }
    func report(_ count: String, _ folder: String) throws -> (
      conditions: [String: String], csv: String
    ) {
      let output = program.folder + "/" + folder
      let result = try program.run([
        "faithfulness", run, "--methods", "deeplift-shap,lrp", "--option",
        "lrp.composite=epsilon-gamma-box", "--metrics", "sparseness,completeness", "--images", "4",
        "--references", count, "--output", output, "--quiet",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let conditions = try json(output + "/faithfulness.json")["conditions"] as? [String: String]
      return (
        try #require(conditions),
        try String(contentsOfFile: output + "/faithfulness.csv", encoding: .utf8)
      )
    }
    let four = try report("4", "faithfulness")
    #expect(four.conditions["references"] == "4 images of mnist train, drawn by seed 0")
    #expect(four.conditions["pixel range"]?.hasPrefix("-0.42") == true)
    // In the same folder: what the journal knows of four references is not taken for eight.
    let eight = try report("8", "faithfulness")
    let fresh = try report("8", "fresh")
    #expect(eight.csv == fresh.csv && eight.csv != four.csv)
  }
}
