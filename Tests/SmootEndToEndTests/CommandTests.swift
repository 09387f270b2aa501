import Foundation
import SmootTraining
import Testing

/// The program as a person meets it.
@Suite(.serialized) struct CommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func goesAllTheWay() throws {
    defer { program.clean() }
    for method in ["traditional", "sgt", "smoot"] {
      let result = try program.run(
        program.training + ["--method", method, "--name", method, "--json"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.isEmpty)
      #expect(try json(result.output)["epochs"] as? Int == 2)
    }
    let runs = program.folder + "/runs"
    let files = try FileManager.default.contentsOfDirectory(atPath: runs + "/smoot").sorted()
    #expect(
      files == [
        "LOCK", "checkpoints", "config.resolved.json", "config.yaml", "metrics.jsonl", "run.json",
        "summary.json",
      ])

    let evaluated = try program.run(["evaluate", runs + "/smoot", "--json"])
    let score = try json(evaluated.output)
    #expect(score["count"] as? Int == 30)
    #expect(score["accuracy"] as? Double != nil && score["loss"] as? Double != nil)

    let auc = try program.run([
      "auc", runs + "/traditional", runs + "/smoot", "--fill", "corner,mean", "--output",
      program.folder + "/auc", "--json", "--quiet",
    ])
    #expect(auc.status == 0, "\(auc.errors)")
    let curves = try #require(try json(auc.output)["runs"] as? [[String: Any]])
    #expect(curves.count == 8)
    for curve in curves {
      #expect((curve["curve"] as? [Double])?.count == 10)
      #expect((curve["percent"] as? [Double])?.last == 90)
      #expect(curve["auc"] as? Double != nil && curve["fill"] as? String != nil)
    }
    for name in ["auc.png", "auc.svg", "auc.csv", "auc.json"] {
      #expect(FileManager.default.fileExists(atPath: "\(program.folder)/auc/\(name)"))
    }

    let explained = try program.run([
      "explain", runs + "/smoot", "--compare", runs + "/traditional", "--indices", "0..<4",
      "--output", program.folder + "/maps",
    ])
    #expect(explained.status == 0, "\(explained.errors)")
    for name in [
      "grid.png", "attributions.npy", "inputs.npy", "logits.npy", "labels.npy", "indices.npy",
      "maps/3-map.png", "maps/3-overlay.png",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(program.folder)/maps/\(name)"), "\(name)")
    }
    let study = try program.run([
      "study", "masking", runs + "/smoot", "--output", program.folder + "/study", "--json",
      "--quiet",
    ])
    #expect(try json(study.output)["count"] as? Int == 30)
    for arguments in [
      ["runs", "list", runs], ["runs", "show", runs + "/smoot"], ["data", "list"], ["doctor"],
      ["inspect", runs + "/smoot/checkpoints/last.safetensors"], ["config", "init"],
      ["config", "show", "--preset", "paper"],
      ["data", "check", "mnist", "--data", program.folder + "/data"],
      ["data", "info", "mnist", "--data", program.folder + "/data", "--json"],
    ] {
      let result = try program.run(arguments)
      #expect(result.status == 0 && !result.output.isEmpty, "\(arguments): \(result.errors)")
    }
    let shown = try program.run(["runs", "show", runs + "/smoot"]).output
    #expect(shown.contains("method: smoot  (flag)") && shown.contains("optimizer "))
    #expect(!shown.contains("null"))
    #expect(
      try program.run(program.training + ["--dry-run", "--name", "dry"]).output
        .contains("nothing was written"))
    #expect(!FileManager.default.fileExists(atPath: runs + "/dry"))
  }

  @Test func readsTheConfigurationThatItWrites() throws {
    defer { program.clean() }
    let path = program.folder + "/settings.yaml"
    let text = try program.run(["config", "init"]).output
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let shown = try program.run(["config", "show", "--config", path, "--lr", "0.25"])
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("flag"))
    let variable = try program.run(["config", "show"], environment: ["SMOOT_LR": "0.125"])
    #expect(variable.output.contains("0.125") && variable.output.contains("SMOOT_LR"))
  }

  /// One clear line and the documented exit code for each mistake; nothing half-written.
  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    let folder = program.folder
    func write(_ text: String, _ name: String) throws -> String {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      return "\(folder)/\(name)"
    }
    let typo = try write("epochs: 1\nlearning_rat: 0.1\n", "typo.yaml")
    let twice = try write("lr: 1\nlr: 2\n", "twice.yaml")
    let list = try write("lr: [1, 2]\n", "list.yaml")
    let anchor = try write("lr: &a 1\n", "anchor.yaml")
    let words = try write("lr: fast\n", "words.yaml")
    let text = try write("hello\n", "text.safetensors")
    try FileManager.default.createDirectory(
      atPath: folder + "/empty", withIntermediateDirectories: true)
    let train = program.training
    let mistakes: [([String], Int32, String)] = [
      (["train", "--dataset", "minst"], 64, "minst"),
      (train + ["--model", "vgg"], 64, "vgg"), (train + ["--lr", "nan"], 64, "--lr"),
      (train + ["--k-min", "0.9"], 64, "k-min"), (train + ["--batch-size", "0"], 64, "batch-size"),
      (train + ["--method", "sgd"], 64, "traditional|sgt|smoot"),
      (train + ["--adaptive", "--method", "sgt"], 64, "--adaptive"),
      (train + ["--learnig-rate", "1"], 64, "Unknown option"),
      (train + ["--preset", "best"], 64, "paper"),
      (train + ["--name", "a/b"], 64, "--name"), (train + ["--threads", "0"], 64, "--threads"),
      (train + ["--config", typo], 78, "did you mean"),
      (train + ["--config", typo], 78, "typo.yaml:2:1"),
      (train + ["--config", twice], 78, "twice.yaml"), (train + ["--config", list], 78, "lr"),
      (train + ["--config", anchor], 78, "anchors"), (train + ["--config", words], 78, "fast"),
      (train + ["--config", folder + "/none.yaml"], 66, "none.yaml"),
      (train + ["--data", folder + "/empty"], 66, "not found"),
      (["evaluate", folder + "/none"], 66, "none"), (["evaluate", folder + "/empty"], 66, "empty"),
      (["evaluate", text], 65, "text"), (["inspect", text], 65, "text"),
      (["resume", folder + "/none"], 66, "none"), (["auc", folder + "/none"], 66, "none"),
      (["explain", text, "--output", folder + "/x"], 65, "text"),
      (["data", "check", "minst"], 64, "minst"), (["runs", "list", folder + "/none"], 66, "none"),
    ]
    for (arguments, status, part) in mistakes {
      let result = try program.run(arguments)
      #expect(result.status == status, "\(arguments.suffix(3)): \(result.status) \(result.errors)")
      #expect(result.errors.contains(part), "\(arguments.suffix(3)): \(result.errors)")
      #expect(result.output.isEmpty)
      if status != 64 {
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/runs"))
    #expect(
      try program.run(["doctor"], environment: ["SMOOT_KERNELS": "mmx"]).output.contains(
        "none of them"))
    #expect(try program.run(train, environment: ["SMOOT_KERNELS": "mmx"]).status == 78)
  }

  @Test func refusesWhatIsThereAlready() throws {
    defer { program.clean() }
    let train = program.training + ["--name", "one"]
    #expect(try program.run(train).status == 0)
    let before = try program.last("one")
    let again = try program.run(train)
    #expect(again.status == 73)
    #expect(again.errors.contains("smoot resume"))
    #expect(try program.last("one") == before)
    let forced = try program.run(train + ["--exist-ok"])
    #expect(forced.status == 73, "\(forced.errors)")
    #expect(try program.last("one") == before)
    let unnamed = [try program.run(program.training), try program.run(program.training)]
    #expect(unnamed.map(\.status) == [0, 0])
    #expect(FileManager.default.fileExists(atPath: program.folder + "/runs/mnist-sgt-2"))
  }

  @Test func saysWhenItCannotWrite() throws {
    defer { program.clean() }
    var arguments = program.training
    arguments[arguments.count - 2] = "/proc/runs"
    let result = try program.run(arguments)
    #expect(result.status == 74, "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    // A device that is always full.
    let full = try program.run([
      "train", "--dataset", "mnist", "--data", program.folder + "/data", "--output", "/dev/full",
    ])
    #expect(full.status == 74, "\(full.errors)")
  }

  /// The first checkpoint has room, those with the optimizer's state have not.
  @Test func keepsWhatIsThereWhenTheDiskIsFull() throws {
    defer { program.clean() }
    let full = try program.run(program.training + ["--name", "full"], fileLimit: 8000)
    #expect(full.status == 74, "\(full.status) \(full.errors)")
    #expect(full.errors.split(separator: "\n").count == 1, "\(full.errors)")
    let checkpoints = program.folder + "/runs/full/checkpoints"
    let left = try FileManager.default.contentsOfDirectory(atPath: checkpoints).sorted()
    #expect(left == ["last.safetensors", "step-0000000.safetensors"])
    #expect(try program.run(["resume", program.folder + "/runs/full", "--quiet"]).status == 0)
    #expect(try program.run(program.training + ["--name", "room"]).status == 0)
    #expect(try program.last("full") == program.last("room"))
  }

  @Test func stopsWhenTheLossIsNotANumber() throws {
    defer { program.clean() }
    let result = try program.run(
      program.training + ["--optimizer", "sgd", "--lr", "1e30", "--name", "nan"])
    #expect(result.status == 21, "\(result.errors)")
    #expect(result.errors.contains("diverged"))
  }

  @Test func trainsLongerWhenAsked() throws {
    defer { program.clean() }
    #expect(try program.run(program.training + ["--name", "short"]).status == 0)
    let resumed = try program.run(["resume", program.folder + "/runs/short", "--epochs", "4"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try program.run(program.training + ["--name", "long", "--epochs", "4"]).status == 0)
    func weights(_ name: String) throws -> Data { try program.last(name) }
    #expect(try weights("short") == weights("long"))
  }

  @Test func goesOnWithANamedRunWhenAsked() throws {
    defer { program.clean() }
    let train = program.training + ["--name", "run"]
    #expect(try program.run(train + ["--resume", "must"]).status == 66)
    #expect(try program.run(program.training + ["--resume", "auto"]).status == 64)
    #expect(try program.run(train + ["--resume", "auto"]).status == 0)
    let before = try program.last("run")
    #expect(try program.run(train + ["--resume", "auto"]).status == 0)
    #expect(try program.last("run") == before)
    let longer = try program.run(train + ["--epochs", "3", "--resume", "must"])
    #expect(longer.status == 0, "\(longer.errors)")
    #expect(try program.last("run") != before)
    let other = try program.run(train + ["--lr", "0.3", "--resume", "auto"])
    #expect(other.status == 64)
    #expect(other.errors.contains("--lr"), "\(other.errors)")
  }

  @Test func hasAFlagForEachSetting() throws {
    defer { program.clean() }
    let help = try program.run(["train", "--help"]).output
    for option in TrainingConfiguration.options {
      let isListed = [" <value>", ", "].contains { help.contains("--\(option.name)\($0)") }
      #expect(isListed, "\(option.name)")
      let text = option.defaultValue
      guard !text.isEmpty else { continue }
      let shown = try program.run(["config", "show", "--\(option.name)", text])
      #expect(shown.status == 0, "\(option.name): \(shown.errors)")
      let line = shown.output.split(separator: "\n").first { $0.hasPrefix("\(option.name) ") }
      #expect(line?.contains("flag") == true, "\(option.name)")
    }
  }

  @Test func measuresSteps() throws {
    defer { program.clean() }
    for method in ["traditional", "sgt", "smoot"] {
      let result = try program.run([
        "bench", "step", "--model", "cnn", "--dataset", "mnist", "--method", method,
        "--batch-size", "8", "--steps", "1", "--json", "--data", program.folder + "/data",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let record = try #require(object as? [String: Any])
      #expect((record["ms_per_step"] as? Double ?? 0) > 0)
      #expect((record["images_per_second"] as? Double ?? 0) > 0)
      #expect(record["method"] as? String == method)
    }
  }

  @Test func showsWhereAStepsTimeGoes() throws {
    defer { program.clean() }
    let arguments = [
      "bench", "step", "--model", "cnn", "--dataset", "mnist", "--batch-size", "8", "--steps", "1",
      "--profile", "--data", program.folder + "/data",
    ]
    let table = try program.run(arguments)
    #expect(table.status == 0, "\(table.errors)")
    #expect(table.output.contains("two convolutions, relu, max-pool  backward"))
    #expect(table.output.contains("% of the peak"))
    let result = try program.run(arguments + ["--json"])
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let profile = try #require(object as? [String: Any])
    let rows = try #require(profile["rows"] as? [[String: Any]])
    let shares = rows.compactMap { $0["percent_of_step"] as? Double }
    #expect(shares.count == rows.count && abs(shares.reduce(0, +) - 100) < 1e-6)
    #expect(rows.contains { $0["operation"] as? String == "optimizer" })
  }

  @Test func measuresRandomImagesLoadingAndCurves() throws {
    defer { program.clean() }
    func record(_ arguments: [String]) throws -> [String: Any] {
      let result = try program.run(["bench"] + arguments + ["--json"])
      #expect(result.status == 0, "\(result.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      return try #require(object as? [String: Any])
    }
    let small = [
      "--images", "3x8x8", "--model", "vit-micro", "--set", "dim=16", "--set", "depth=1",
    ]
    let step = try record(["step", "--batch-size", "4", "--steps", "1"] + small)
    #expect(step["model"] as? String == "vit-micro" && step["batch"] as? Int == 4)
    let load = try record(["load", "--batch-size", "4", "--batches", "2", "--rounds", "1"] + small)
    for rate in ["loaded_per_second", "trained_per_second", "both_per_second"] {
      #expect((load[rate] as? Double ?? 0) > 0, "\(rate)")
    }
    let curve = try record(["auc", "--count", "6", "--batch-size", "4"] + small)
    #expect(curve["images"] as? Int == 6 && (curve["seconds"] as? Double ?? 0) > 0)
    let maps = try record(
      ["maps", "--method", "smoothgrad", "--option", "samples=2", "--count", "3", "--rounds", "2"]
        + small)
    #expect(maps["images"] as? Int == 3 && (maps["maps_per_second"] as? Double ?? 0) > 0)
  }

  @Test func measuresScalingAndDrawsRoofs() throws {
    defer { program.clean() }
    let folder = program.folder + "/scaling"
    let small = ["--images", "1x8x8", "--model", "cnn", "--batch-size", "4", "--steps", "1"]
    let result = try program.run(
      ["bench", "scaling", "--over", "image-side", "--values", "8", "2", "12"] + small
        + ["--output", folder, "--json"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("image-side 2 is left out: error: "), "\(result.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let rows = try #require((object as? [String: Any])?["rows"] as? [[String: Any]])
    #expect(rows.map { $0["value"] as? Int } == [8, 12])
    for name in [".json", ".csv", "-speed.svg", "-memory.png"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/scaling-image-side\(name)"))
    }
    let roofs = folder + "/roofline.svg"
    #expect(try program.run(["bench", "step", "--roofline", roofs] + small).status == 0)
    let picture = try String(contentsOfFile: roofs, encoding: .utf8)
    #expect(picture.contains("GFLOP/s") && picture.contains("convolution"))
  }

  @Test(arguments: [
    (["scaling", "--over", "image-side"], "needs --images"),
    (["scaling", "--over", "threads", "--threads", "2"], "is what --over threads changes"),
    (["scaling", "--over", "depth", "--values", "0"], "must be above 0"),
    (["step", "--images", "3x32"], "--images: '3x32' is not channels x height x width"),
    (["step", "--images", "2x8x8"], "with 1 or 3 channels"),
    (["step", "--images", "3x8x8", "--set", "deph=2"], "did you mean 'depth'?"),
    (["step", "--images", "3x8x8", "--set", "depth"], "'depth' is not name=value"),
    (["auc", "--images", "3x8x8", "--precision", "bf16"], "curves are computed in fp32"),
    (["load", "--images", "3x8x8", "--rounds", "0"], "must be above 0"),
    (["maps", "--images", "3x8x8", "--method", "gradent"], "did you mean \"gradient\""),
    (["maps", "--images", "3x8x8", "--option", "samples=2"], "samples"),
    (["step", "--images", "3x8x8", "--set", "batch-size=8"], "has a flag of its own"),
    (["step", "--images", "3x8x8", "--steps", "1000000000000000000"], "at most 1,000,000"),
    (["auc", "--images", "1x28x28", "--count", "9223372036854775807"], "more than"),
  ])
  func refusesWhatCannotBeMeasured(_ arguments: [String], _ message: String) throws {
    defer { program.clean() }
    let result = try program.run(["bench"] + arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func saysWhatItIs() throws {
    defer { program.clean() }
    _ = try program.run(["--help"])
    let help = try program.run(["--help"])
    #expect(help.status == 0 && help.output.contains("smoot train"))
    #expect(try program.run(["--version"]).output.hasPrefix("0."))
    #expect(try program.run(["--generate-completion-script", "bash"]).output.contains("smoot"))
  }
}
