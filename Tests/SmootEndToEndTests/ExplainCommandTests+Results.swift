import Foundation
import SmootCheckpoints
import SmootReporting
import Testing

/// What `smoot explain` leaves in its folder.
extension ExplainCommandTests {
  /// Numbers that are not finite are said, and nothing else is lost.
  @Test func writesMapsThatAreNotFinite() throws {
    defer { program.clean() }
    try train()
    let folder = program.folder + "/maps"
    let result = try program.run([
      "explain", try scaled(by: .nan), "--method", "integrated-gradients", "--option", "steps=2",
      "--dataset", "mnist", "--data", program.folder + "/data", "--indices", "0:2", "--output",
      folder,
    ])
    #expect(result.status == 0, "\(result.errors)")
    let methods = try #require(try record(folder)["methods"] as? [[String: Any]])
    #expect(methods[0]["statuses"] as? [String: Int] == ["not finite": 2])
    #expect((methods[0]["completeness_deltas"] as? [Any])?.allSatisfy { $0 is NSNull } == true)
    #expect(methods[0]["drawn_limits"] as? [Double] == [0, 0])
    #expect(result.errors.contains("completeness: deltas that are not finite"), "\(result.errors)")
  }

  @Test func saysHowCompleteMapsAre() throws {
    defer { program.clean() }
    try train()
    let folder = program.folder + "/maps"
    let result = try program.run([
      "explain", run, "--method", "integrated-gradients,gradient", "--indices", "0:3", "--output",
      folder,
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("integrated-gradients on \(run): completeness: deltas at most"))
    #expect(!result.errors.contains("gradient on \(run): completeness"))
    let record = try record(folder)
    #expect(record["channel_reduction"] as? String == "mean-abs")
    let methods = try #require(record["methods"] as? [[String: Any]])
    #expect((methods[0]["completeness_deltas"] as? [Double])?.count == 3)
    #expect(methods[0]["largest_relative_delta"] as? Double ?? -1 >= 0)
    #expect(methods[1]["completeness_deltas"] == nil)
  }

  /// The files of one job are never beside those of another.
  @Test func replacesMapsOnlyWhenTold() throws {
    defer { program.clean() }
    try train()
    let folder = program.folder + "/maps"
    let first = ["explain", run, "--output", folder, "--method", "gradient,edges"]
    #expect(try program.run(first + ["--indices", "0:4"]).status == 0)
    let before = try Data(contentsOf: URL(filePath: folder + "/methods.json"))
    let second = ["explain", run, "--output", folder, "--indices", "7", "--pictures", "grid"]
    let refused = try program.run(second)
    #expect(refused.status == 73 && refused.errors.contains("--force"), "\(refused.errors)")
    #expect(try Data(contentsOf: URL(filePath: folder + "/methods.json")) == before)
    let lock = try RunLock(folder: folder, job: "test")
    let locked = try program.run(second + ["--force"])
    #expect(locked.status == 73 && locked.errors.contains("in use by test"), "\(locked.errors)")
    withExtendedLifetime(lock) {}
  }

  @Test func removesWhatItReplaces() throws {
    defer { program.clean() }
    try train()
    let folder = program.folder + "/maps"
    let first = ["explain", run, "--output", folder, "--method", "gradient,edges"]
    #expect(try program.run(first + ["--indices", "0:4"]).status == 0)
    try Data([1]).write(to: URL(filePath: folder + "/maps/mine.txt"))
    let second = try program.run([
      "explain", run, "--output", folder, "--indices", "7", "--pictures", "grid", "--force",
    ])
    #expect(second.status == 0, "\(second.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "LOCK", "attributions.npy", "grid.png", "indices.npy", "inputs.npy", "labels.npy",
        "logits.npy", "maps", "methods.json", "overlays.png",
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/maps") == ["mine.txt"])
    #expect(try record(folder)["indices"] as? [Int] == [7])
  }

  /// Maps without a zero are drawn between their own ends, unless something else is asked for.
  @Test func drawsMapsWithoutAZeroInTheirRange() throws {
    defer { program.clean() }
    try train()
    for (more, ranges) in [
      ([], ["percentile", "minimum-maximum"]),
      (["--scale", "method"], ["percentile", "minimum-maximum"]),
      (["--range", "percentile"], ["percentile", "percentile"]),
      (["--sign", "signed"], ["percentile", "percentile"]),
      (["--range", "minimum-maximum"], ["minimum-maximum", "minimum-maximum"]),
    ] as [([String], [String])] {
      let folder = "\(program.folder)/maps\(more.joined())"
      let result = try program.run(
        [
          "explain", run, "--method", "gradient,rise", "--option", "rise.samples=20", "--indices",
          "0:3", "--pictures", "grid", "--output", folder,
        ] + more)
      #expect(result.status == 0, "\(result.errors)")
      let methods = try #require(try record(folder)["methods"] as? [[String: Any]])
      #expect(methods.compactMap { $0["range"] as? String } == ranges, "\(more)")
      for (method, range) in zip(methods, ranges) {
        let name = try #require(method["method"] as? String)
        let starts = try #require(method["drawn_starts"] as? [Double])
        let ends = try #require(method["drawn_limits"] as? [Double])
        guard range == "minimum-maximum" else {
          #expect(starts == [0, 0, 0])
          continue
        }
        let maps = try floats("\(folder)/attributions-\(name).npy")
        let isShared = more.contains("method")
        for image in 0..<3 {
          let values = isShared ? maps[...] : maps[image * 784..<(image + 1) * 784]
          #expect(values.min() == Float(starts[image]) && values.max() == Float(ends[image]))
        }
      }
    }
    let wrong = try program.run([
      "explain", run, "--range", "minimum-maximum", "--sign", "signed", "--output",
      program.folder + "/no",
    ])
    #expect(wrong.status == 64 && wrong.errors.contains("--range"), "\(wrong.errors)")
  }

  @Test func explainsThePredictedClassOfPictures() throws {
    defer { program.clean() }
    try train()
    let own = program.folder + "/own.png"
    try RGBAImage(width: 28, height: 28).pngData().write(to: URL(filePath: own))
    let folder = program.folder + "/maps"
    let result = try program.run([
      "explain", run, own, "--max-memory", "1K", "--output", folder,
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try record(folder)["target"] as? String == "predicted")
    let lines = result.errors.split(separator: "\n").filter {
      $0.contains("--max-memory 1K: is exceeded")
    }
    #expect(lines.count == 1, "\(result.errors)")
  }
}
