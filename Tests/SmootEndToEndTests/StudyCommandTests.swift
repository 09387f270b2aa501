import Foundation
import Smoot
import Testing

/// Heads, `smoot study robustness` and `smoot study roar` as a person meets them.
@Suite(.serialized) struct StudyCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func train(_ name: String, _ flags: [String]) throws {
    let result = try program.run(
      program.training + ["--method", "traditional", "--name", name] + flags)
    #expect(result.status == 0, "\(result.errors)")
  }

  private func run(_ name: String) -> String { "\(program.folder)/runs/\(name)" }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test func trainsAndExplainsAnAttentionHead() throws {
    defer { program.clean() }
    try train("dropkey", ["--head", "dropkey", "--mask-ratio", "0.4", "--head-cells", "6"])
    let inspected = try program.run([
      "inspect", "\(run("dropkey"))/checkpoints/last.safetensors",
    ])
    #expect(inspected.output.contains("\"head\":\"dropkey\""))
    #expect(inspected.output.contains("\"mask_ratio\":0.4"))
    let configuration = try String(contentsOfFile: run("dropkey") + "/config.yaml", encoding: .utf8)
    #expect(configuration.contains("head: dropkey") && configuration.contains("head-cells: 6"))
    var arrays: [Data] = []
    for masks in ["off", "single", "average", "average"] {
      let folder = "\(program.folder)/maps-\(arrays.count)"
      let result = try program.run([
        "explain", run("dropkey"), "--method", "dropkey-grad-cam", "--option", "masks=\(masks)",
        "--option", "samples=3", "--indices", "0:3", "--output", folder, "--quiet",
      ])
      #expect(result.status == 0, "\(result.errors)")
      arrays.append(try Data(contentsOf: URL(filePath: folder + "/attributions.npy")))
    }
    #expect(Set(arrays).count == 3 && arrays[2] == arrays[3])
    for format in ["safetensors", "onnx"] {
      let path = "\(program.folder)/model.\(format)"
      let result = try program.run(["export", run("dropkey"), "--format", format, "--output", path])
      #expect(result.status == 0, "\(result.errors)")
    }
    let exported = try program.run(["inspect", "\(program.folder)/model.safetensors"])
    #expect(exported.output.contains("head_args") && exported.output.contains("[6,6]"))

    try train("plain", [])
    let refused = try program.run([
      "explain", run("plain"), "--method", "dropkey-grad-cam", "--output", program.folder + "/no",
    ])
    #expect(refused.status == 64 && refused.errors.contains("attention head"))
    let wrong = try program.run(program.training + ["--mask-ratio", "0.4", "--name", "wrong"])
    #expect(wrong.status == 64 && wrong.errors.contains("--mask-ratio"))
  }

  @Test func measuresRobustness() throws {
    defer { program.clean() }
    try train("a", ["--head", "dropkey", "--head-cells", "4"])
    try train("b", ["--head", "dropkey", "--head-cells", "4", "--seed", "2"])
    try train("c", ["--head", "dropkey", "--head-cells", "4", "--mask-ratio", "0.6"])
    let output = program.folder + "/robustness"
    let arguments =
      ["study", "robustness"] + ["a", "b", "c"].map(run) + [
        "--noise", "0.1,0.5", "--rotation", "90", "--stretch", "none", "--contrast", "0.5",
        "--size", "0.5", "--limit", "20", "--map-images", "6", "--pictures", "0:2", "--output",
        output, "--json",
      ]
    let result = try program.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    let report = try json(result.output)
    let runs = try #require(report["runs"] as? [[String: Any]])
    #expect(
      runs.compactMap { $0["group"] as? String } == [
        "mask-ratio 0.3", "mask-ratio 0.3", "mask-ratio 0.6",
      ])
    let entries = try #require(report["entries"] as? [[String: Any]])
    // Three runs, three scores; levels of noise 3, of the three others 2 each.
    #expect(entries.count == 3 * 3 * 9)
    for entry in entries where entry["score"] as? String == "agreement" {
      #expect(entry["count"] as? Int ?? 99 <= 6)
    }
    // The images as they are are the same whatever is about to be changed.
    let clean = entries.filter {
      $0["score"] as? String == "accuracy" && $0["run"] as? String == "a"
        && [0.0, 1.0].contains($0["level"] as? Double)
    }.compactMap { $0["mean"] as? Double }
    #expect(clean.count == 4 && Set(clean).count == 1)
    let files = [
      "robustness.csv", "robustness.md", "noise-confidence.png", "rotation-agreement.svg",
      "mask-ratio-confidence.png", "pictures-noise.png", "pictures-runs.png",
    ]
    for name in files { #expect(exists("\(output)/\(name)"), "\(name)") }
    #expect(!exists(output + "/stretch-confidence.png"))

    // Everything is known, and a lost half is made again.
    let csv = try Data(contentsOf: URL(filePath: output + "/robustness.csv"))
    let journal = URL(filePath: output + "/journal.jsonl")
    let lines = try Data(contentsOf: journal)
    try lines.prefix(lines.count / 2).write(to: journal)
    #expect(try program.run(arguments + ["--threads", "1"]).status == 0)
    #expect(try Data(contentsOf: URL(filePath: output + "/robustness.csv")) == csv)
    let bad = try program.run(["study", "robustness", run("a"), "--noise", "0.1,x"])
    #expect(bad.status == 64 && bad.errors.contains("--noise: \"x\""))
  }

  /// One pixel of one test image is another one.
  @Test func refusesRunsOnDifferentData() throws {
    defer { program.clean() }
    try train("a", [])
    let (data, other) = (program.folder + "/data", program.folder + "/other")
    try FileManager.default.copyItem(atPath: data, toPath: other)
    let file = URL(filePath: other + "/mnist/t10k-images-idx3-ubyte")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: file)
    let flags = program.training.map { $0 == data ? other : $0 }
    let trained = try program.run(flags + ["--method", "traditional", "--name", "b"])
    #expect(trained.status == 0, "\(trained.errors)")
    let arguments =
      ["study", "robustness", run("a"), run("b"), "--noise", "0.1", "--rotation", "none"]
      + ["--stretch", "none", "--contrast", "none", "--size", "none", "--map-images", "0"]
      + ["--pictures", "none", "--quiet", "--output", program.folder + "/robustness"]
    let refused = try program.run(arguments)
    #expect(refused.status == 64, "\(refused.status) \(refused.errors)")
    #expect(refused.errors.contains("\(run("b")): was trained on other data than \(run("a"))"))
    #expect(!exists(program.folder + "/robustness"))
    let accepted = try program.run(arguments + ["--data", data])
    #expect(accepted.status == 0, "\(accepted.errors)")
  }

  @Test func removesAndRetrains() throws {
    defer { program.clean() }
    try train("run", ["--save-every", "1s"])
    let output = program.folder + "/roar"
    let arguments = [
      "study", "roar", run("run"), "--methods", "gradient,random", "--shares", "20,60",
      "--seeds", "2", "--epochs", "1", "--output", output, "--json", "--quiet",
    ]
    let result = try program.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    let curves = try #require(try json(result.output)["runs"] as? [[String: Any]])
    #expect(curves.count == 4)
    for curve in curves {
      #expect(curve["percent"] as? [Double] == [0, 20, 60])
      #expect((curve["curve"] as? [Double])?.count == 3)
    }
    for name in ["png", "svg", "csv", "json", "md"] { #expect(exists("\(output)/roar.\(name)")) }
    let conditions = try #require(try json(result.output)["conditions"] as? [String: String])
    #expect(conditions["method gradient"]?.contains("target=pred ") == true)
    let csv = try Data(contentsOf: URL(filePath: output + "/roar.csv"))
    // One training is gone, and another one stands in its middle: both are made whole, to the same numbers.
    try FileManager.default.removeItem(atPath: output + "/runs/roar-random-60-seed-1")
    try FileManager.default.removeItem(atPath: output + "/runs/roar-gradient-20-seed-2/result.json")
    let checkpoints = output + "/runs/roar-gradient-20-seed-2/checkpoints"
    try FileManager.default.removeItem(atPath: checkpoints + "/last.safetensors")
    #expect(CheckpointStore.steps(checkpoints).count == 2)
    let newest = try #require(CheckpointStore.steps(checkpoints).max())
    for name in try FileManager.default.contentsOfDirectory(atPath: checkpoints)
    where name.contains("\(newest)") {
      try FileManager.default.removeItem(atPath: "\(checkpoints)/\(name)")
    }
    #expect(try program.run(arguments).status == 0)
    #expect(try Data(contentsOf: URL(filePath: output + "/roar.csv")) == csv)

    let unsuited = try program.run([
      "study", "roar", run("run"), "--methods", "random,attention-rollout", "--epochs", "1",
      "--output", program.folder + "/unsuited",
    ])
    #expect(unsuited.status == 64 && unsuited.errors.contains("attention"), "\(unsuited.errors)")
    #expect(!exists(program.folder + "/unsuited"))
    let other = try program.run(arguments.map { $0 == "1" ? "2" : $0 })
    #expect(other.status == 73 && other.errors.contains("--output"))
    let kept = try program.run([
      "study", "roar", run("run"), "--mode", "kar", "--methods", "gradient", "--shares", "30",
      "--epochs", "1", "--output", program.folder + "/kar", "--json", "--quiet",
    ])
    let curve = try #require((try json(kept.output)["runs"] as? [[String: Any]])?.first)
    #expect(curve["percent"] as? [Double] == [0, 70])
  }

  @Test func stopsRetrainingInTheMiddle() throws {
    defer { program.clean() }
    try train("run", ["--save-every", "1s"])
    let arguments = [
      "study", "roar", run("run"), "--methods", "random", "--shares", "50", "--epochs", "12",
      "--quiet", "--output",
    ]
    let whole = try program.run(arguments + [program.folder + "/whole"])
    #expect(whole.status == 0, "\(whole.errors)")
    let process = try program.start(arguments + [program.folder + "/stopped"])
    try process.run()
    let metrics = program.folder + "/stopped/runs/roar-random-50-seed-1/metrics.jsonl"
    for _ in 0..<600 where (FileManager.default.contents(atPath: metrics) ?? Data()).count < 500 {
      Thread.sleep(forTimeInterval: 0.05)
    }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    #expect(!exists(program.folder + "/stopped/roar.csv"))
    #expect(try program.run(arguments + [program.folder + "/stopped"]).status == 0)
    let files = ["whole", "stopped"].map { URL(filePath: "\(program.folder)/\($0)/roar.csv") }
    #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
  }
}
