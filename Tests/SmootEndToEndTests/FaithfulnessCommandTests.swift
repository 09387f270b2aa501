import Foundation
import SmootCheckpoints
import SmootEvaluation
import SmootTensor
import Testing

/// `smoot faithfulness` as a person meets it.
@Suite(.serialized) struct FaithfulnessCommandTests {
  private let program: Program

  init() throws {
    program = try Program()
    let result = try program.run(program.training + ["--name", "run"])
    #expect(result.status == 0, "\(result.errors)")
  }

  private var run: String { program.folder + "/runs/run" }
  private var output: String { program.folder + "/faithfulness" }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func csv(_ folder: String) throws -> String {
    try String(contentsOfFile: folder + "/faithfulness.csv", encoding: .utf8)
  }

  /// The mean of each method by score.
  private func means(_ report: [String: Any]) throws -> [String: Double] {
    let entries = try #require(report["entries"] as? [[String: Any]])
    var means: [String: Double] = [:]
    for entry in entries {
      guard let mean = entry["mean"] as? Double, let method = entry["method"] as? String,
        let score = entry["score"] as? String
      else { continue }
      means["\(method) \(score)"] = mean
    }
    return means
  }

  @Test func listsAllMeasures() throws {
    defer { program.clean() }
    let list = try program.run(["faithfulness", "--list"])
    for score in MeasureRegistry.scores { #expect(list.output.contains(score.name)) }
    let measures = try #require(
      try json(program.run(["faithfulness", "--list", "--json"]).output)["measures"]
        as? [[String: Any]])
    #expect(
      measures.compactMap { $0["name"] as? String }
        == MeasureRegistry.measures.map { $0.information.name })
    let options = try program.run(["faithfulness", "--list", "--metrics", "insertion"])
    #expect(options.output.contains("insertion-deletion.steps"))
  }

  /// One seed for all draws, unless an option of a measure says otherwise.
  @Test func drawsEverythingFromTheSeed() throws {
    defer { program.clean() }
    func conditions(_ flags: [String]) throws -> (texts: [String: String], csv: String) {
      let result = try program.run(
        [
          "faithfulness", run, "--methods", "gradient", "--metrics",
          "infidelity,max-sensitivity,pointing-game", "--images", "4", "--output", output, "--json",
          "--quiet",
        ] + flags)
      #expect(result.status == 0, "\(result.errors)")
      let texts = try json(result.output)["conditions"] as? [String: String]
      return (try #require(texts), try csv(output))
    }
    func seed(_ text: String?) -> String? {
      text?.split(separator: " ").first { $0.hasPrefix("seed=") }.map(String.init)
    }
    let usual = try conditions([])
    let other = try conditions(["--seed", "7"])
    let own = try conditions(["--seed", "7", "--option", "infidelity.seed=5"])
    for key in ["measure infidelity", "measure max-sensitivity", "pasted patches"] {
      #expect(seed(usual.texts[key]) == "seed=0", "\(key)")
      #expect(seed(other.texts[key]) == "seed=7", "\(key)")
      #expect(seed(own.texts[key]) == (key == "measure infidelity" ? "seed=5" : "seed=7"))
    }
    #expect(Set([usual.csv, other.csv, own.csv]).count == 3)
  }

  @Test func measuresEverything() throws {
    defer { program.clean() }
    let result = try program.run([
      "faithfulness", run, "--methods", "gradient,grad-cam", "--metrics", "all", "--images",
      "6", "--option", "insertion-deletion.steps=4", "--option",
      "parameter-randomization.unit=block", "--output", output, "--json", "--quiet",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let report = try json(result.output)
    #expect(report["methods"] as? [String] == ["gradient", "grad-cam", "random-control"])
    let known = MeasureRegistry.scores.map(\.name).filter { !$0.hasPrefix("label-rand") }
    let scores = try #require(report["scores"] as? [[String: Any]])
    #expect(scores.compactMap { $0["name"] as? String } == known)
    let means = try means(report)
    // Numbers that are drawn for the image's place alone depend on neither the image nor the network.
    #expect(means["random-control full-randomization"] == 1)
    #expect(means["random-control max-sensitivity"] == 0)
    let energy = try #require(means["random-control energy-in-object"])
    #expect(abs(energy - 0.25) < 0.03)
    let conditions = try #require(report["conditions"] as? [String: String])
    #expect(conditions["measure insertion-deletion"]?.contains("steps=4") == true)
    #expect(conditions["images"] == "6")
    #expect(
      conditions["interval"]
        == "95 %, normal; Wilson for increase-in-confidence, pointing-game, accuracy")
    for name in ["json", "csv", "md", "png", "svg"] {
      #expect(FileManager.default.fileExists(atPath: "\(output)/faithfulness.\(name)"))
    }
    let times = try #require(report["times"] as? [[String: Any]])
    #expect(times.contains { $0["measure"] as? String == "maps" })
    #expect(times.contains { $0["measure"] as? String == "localization" })
    let text = try program.run([
      "faithfulness", run, "--methods", "gradient", "--metrics", "insertion,sparseness",
      "--images", "6", "--output", output + "2",
    ])
    for part in ["insertion ↑", "sparseness ↑", "±", "random-control (control)", "seconds"] {
      #expect(text.output.contains(part), "\(part): \(text.output)")
    }
    #expect(!text.output.contains("deletion ↓"))
  }

  /// The numbers are those that the library finds for the same images at once.
  @Test func agreesWithAccuracyDrop() throws {
    defer { program.clean() }
    let auc = try json(
      program.run([
        "auc", run, "--no-control", "--output", program.folder + "/auc", "--json", "--quiet",
      ]).output)
    let curves = try #require(auc["runs"] as? [[String: Any]])
    let result = try program.run([
      "faithfulness", run, "--methods", "gradient", "--score", "logprob", "--metrics",
      "accuracy-drop", "--output", output, "--json", "--quiet",
    ])
    let mean = try #require(try means(try json(result.output))["gradient accuracy-drop"])
    let area = try #require(curves.first?["auc"] as? Double)
    #expect(abs(mean - area) < 1e-6, "\(mean) \(area)")
  }

  /// Whatever a kill leaves, the same command ends with the same numbers.
  @Test(.timeLimit(.minutes(5))) func goesOnAfterKills() throws {
    defer { program.clean() }
    let arguments = [
      "faithfulness", run, "--methods", "gradient,grad-cam", "--metrics",
      "insertion-deletion,road,pixel-flipping,max-sensitivity,accuracy-drop", "--split", "train",
      "--images", "60", "--quiet", "--output",
    ]
    #expect(try program.run(arguments + [output + "-whole"]).status == 0)
    var (kills, known) = (0, 0)
    for round in 0..<12 {
      let process = try program.start(arguments + [output])
      try process.run()
      usleep(UInt32(120_000 + round * 60_000))
      guard process.isRunning else {
        process.waitUntilExit()
        break
      }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
      let journal = FileManager.default.contents(atPath: output + "/journal.jsonl") ?? Data()
      let lines = journal.count { $0 == 0x0a }
      #expect(lines >= known)
      known = lines
    }
    #expect(kills > 0)
    // A line that was torn is no line.
    let path = output + "/journal.jsonl"
    if let handle = FileHandle(forWritingAtPath: path) {
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("{\"key\":\"torn".utf8))
      try handle.close()
    }
    #expect(try program.run(arguments + [output]).status == 0)
    #expect(try csv(output) == csv(output + "-whole"))
    let before = try Data(contentsOf: URL(filePath: path))
    #expect(try program.run(arguments + [output]).status == 0)
    // Nothing is measured twice.
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func stopsWhenAsked() throws {
    defer { program.clean() }
    let process = try program.start([
      "faithfulness", run, "--methods", "rise", "--metrics", "max-sensitivity", "--images", "30",
      "--output", output,
    ])
    try process.run()
    // It has the folder once its journal is there.
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: output + "/journal.jsonl") {
      usleep(100_000)
    }
    #expect(process.isRunning)
    let second = try program.run([
      "faithfulness", run, "--methods", "gradient", "--metrics", "sparseness", "--output", output,
    ])
    #expect(second.status == 73, "\(second.status) \(second.errors)")
    kill(process.processIdentifier, SIGINT)
    usleep(100_000)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
  }

  @Test func measuresMapsOfOtherTools() throws {
    defer { program.clean() }
    let maps = program.folder + "/maps"
    #expect(
      try program.run(["explain", run, "--score", "logit", "--indices", "0:6", "--output", maps])
        .status == 0)
    let mine = program.folder + "/mine.npy"
    try FileManager.default.copyItem(atPath: maps + "/attributions.npy", toPath: mine)
    let metrics = "accuracy-drop,insertion-deletion,sparseness"
    let result = try program.run([
      "faithfulness", run, "--maps", mine, "--methods", "gradient", "--metrics",
      metrics + ",max-sensitivity", "--indices", "0:6", "--output", output, "--json", "--quiet",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let means = try means(try json(result.output))
    for score in ["accuracy-drop", "insertion", "deletion", "sparseness"] {
      #expect(means["mine \(score)"] != nil)
      #expect(means["mine \(score)"] == means["gradient \(score)"], "\(score)")
    }
    #expect(means["mine max-sensitivity"] == nil && means["gradient max-sensitivity"] != nil)
    let flat = Tensor((0..<6 * 784).map { Float($0 % 784) }, shape: [6, 28, 28])
    try NPYFile.write(flat, to: program.folder + "/flat.npy")
    let named = program.folder + "/grad-cam.npy"
    try FileManager.default.copyItem(atPath: mine, toPath: named)
    let signed = try program.run([
      "faithfulness", run, "--maps", named, "--metrics", "sparseness", "--indices", "0:6",
      "--output", output + "3",
    ])
    #expect(signed.errors.contains("grad-cam: the file's maps are measured with their signs"))
    let alone = try program.run([
      "faithfulness", run, "--maps", program.folder + "/flat.npy", "--metrics", metrics,
      "--indices", "0:6", "--output", output + "2",
    ])
    #expect(alone.status == 0 && alone.output.contains("flat"), "\(alone.errors)")
  }

  @Test func saysWhatIsWrongWithMaps() throws {
    defer { program.clean() }
    func file(_ name: String, _ tensor: Tensor) throws -> String {
      let path = "\(program.folder)/\(name).npy"
      try NPYFile.write(tensor, to: path)
      return path
    }
    let few = try file("few", .zeros([5, 28, 28]))
    let small = try file("small", .zeros([6, 27, 28]))
    let deep = try file("deep", .zeros([6, 3, 28, 28]))
    let broken = try file("broken", Tensor(repeating: .nan, shape: [6, 28, 28]))
    let good = try file("good", .zeros([6, 28, 28]))
    let torn = program.folder + "/torn.npy"
    try Data(contentsOf: URL(filePath: good)).dropLast(8).write(to: URL(filePath: torn))
    let integers = program.folder + "/integers.npy"
    try NPYFile.write([1, 2, 3], to: integers)
    let text = program.folder + "/text.npy"
    try "hello".write(toFile: text, atomically: true, encoding: .utf8)
    let mistakes: [(String, Int32, String)] = [
      (few, 65, "found [5, 28, 28]"), (small, 65, "[6, 28, 28]"), (deep, 65, "[6, 3, 28, 28]"),
      (broken, 65, "nan in map 0"), (torn, 65, "is the file whole"), (integers, 65, "float32"),
      (text, 65, "numpy.save"), (program.folder + "/none.npy", 66, "none.npy"),
    ]
    for (path, status, part) in mistakes {
      let result = try program.run([
        "faithfulness", run, "--maps", path, "--metrics", "sparseness", "--indices", "0:6",
        "--output", output,
      ])
      #expect(result.status == status, "\(path): \(result.status) \(result.errors)")
      #expect(result.errors.contains(part), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func comparesWithANetworkOfPermutedLabels() throws {
    defer { program.clean() }
    let start = [
      "faithfulness", run, "--methods", "gradient", "--metrics", "label-randomization", "--images",
      "6", "--output", output, "--json", "--quiet", "--random-label-model",
    ]
    let refused = try program.run(start + [run])
    #expect(refused.status == 65 && refused.errors.contains("--permute-labels"))
    let trained = try program.run(
      program.training + ["--name", "permuted", "--permute-labels", "true"])
    #expect(trained.status == 0, "\(trained.errors)")
    let result = try program.run(start + [program.folder + "/runs/permuted"])
    #expect(result.status == 0, "\(result.errors)")
    let likeness = try #require(try means(json(result.output))["gradient label-randomization"])
    #expect(likeness < 1)
  }

  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    let start = ["faithfulness", run, "--output", output]
    let mistakes: [([String], String)] = [
      (["--methods", "gradent"], "did you mean \"gradient\""),
      (["--methods", "gradient", "--metrics", "insertoin"], "did you mean \"insertion\""),
      (["--methods", "gradient", "--metrics", "label-randomization"], "--random-label-model"),
      (["--methods", "gradient", "--option", "road.precent=3"], "did you mean \"percent\""),
      (["--methods", "gradient", "--option", "road.percent=x"], "ascending"),
      (["--methods", "gradient", "--option", "rode.percent=3"], "did you mean \"road\""),
      (["--methods", "gradient", "--option", "absolute=true"], "method or measure"),
      (
        ["--methods", "gradient", "--metrics", "sparseness", "--option", "road.percent=3"],
        "not among --metrics"
      ),
      (
        [
          "--methods", "gradient", "--metrics", "sparseness", "--random-label-model", run,
        ], "not among --metrics"
      ),
      (["--methods", "gradient", "--images", "0"], "--images"),
      (["--methods", "gradient", "--images", "31"], "more than the 30 images"),
      (["--methods", "gradient", "--images", "20", "--limit", "5"], "more than the 5 images"),
      (["--methods", "gradient", "--images", "3", "--indices", "0:3"], "together"),
      (["--methods", "gradient", "--indices", "1,1"], "twice"),
      (["--methods", "gradient", "--patch", "round"], "--patch"),
      ([], "--methods"),
    ]
    for (arguments, part) in mistakes {
      let result = try program.run(start + arguments)
      #expect(result.status == 64, "\(arguments): \(result.status) \(result.errors)")
      #expect(result.errors.contains(part), "\(arguments): \(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: output))
    // A method without a meaning for the network stops the job before anything is measured.
    let unsuited = try program.run(
      start + ["--methods", "gradient,attention-rollout", "--metrics", "sparseness"])
    #expect(unsuited.status == 64 && unsuited.errors.contains("attention"), "\(unsuited.errors)")
    #expect(!FileManager.default.fileExists(atPath: output))
    #expect(
      try program.run(["faithfulness", program.folder + "/none", "--methods", "gradient"]).status
        == 66)
  }
}
