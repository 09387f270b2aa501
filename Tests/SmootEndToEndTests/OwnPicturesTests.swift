import Foundation
import Smoot
import Testing

/// A person's own pictures, from the folder to the prediction.
@Suite(.serialized) struct OwnPicturesTests {
  private let program: Program
  private let folder: String

  /// Ten pictures of each of three classes, told by their colour.
  init() throws {
    program = try Program()
    folder = program.folder + "/pets"
    for (label, name) in ["bird", "cat", "dog"].enumerated() {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      for number in 0..<10 { try picture(label, number).write(to: url("\(name)/\(number).png")) }
    }
  }

  private func url(_ path: String) -> URL { URL(filePath: "\(folder)/\(path)") }

  private func picture(_ label: Int, _ number: Int) throws -> Data {
    let (height, width) = (20 + number, 30 - number)
    let bytes = (0..<height * width).flatMap { pixel -> [UInt8] in
      (0..<3).map { channel in
        UInt8((channel == label ? 180 : 20) + (pixel * 7 + number * 11) % 60)
      } + [255]
    }
    return try RGBAImage(width: width, height: height, bytes: bytes).pngData()
  }

  private func arguments(_ name: String, _ more: [String] = []) -> [String] {
    [
      "train", "--dataset", folder, "--image-size", "12", "--epochs", "4", "--batch-size", "8",
      "--model", "cnn", "--optimizer", "adamw", "--method", "traditional", "--output",
      program.folder + "/runs",
      "--quiet", "--name", name,
    ] + more
  }

  private var runs: String { program.folder + "/runs" }

  private func train(_ name: String, _ more: [String] = []) throws -> Program.Result {
    try program.run(
      arguments(name, more), environment: ["XDG_CACHE_HOME": program.folder + "/cache"])
  }

  /// The tensors of a run's last checkpoint.
  private func weights(_ name: String) throws -> [String: [Float]] {
    let file = try TensorFile(contentsOf: "\(runs)/\(name)/checkpoints/last.safetensors")
    return file.entries.filter { $0.key != "smoot.sha256" }.compactMapValues { $0.tensor?.scalars }
  }

  /// Methods that compare with images draw them from the folder's training part.
  @Test func comparesWithTrainingPictures() throws {
    defer { program.clean() }
    let trained = try train("run")
    #expect(trained.status == 0, "\(trained.errors)")
    func explain(_ output: String, _ more: [String]) throws -> Program.Result {
      try program.run(
        [
          "explain", runs + "/run", folder + "/cat/0.png", "--method", "gradient-shap",
          "--output", "\(program.folder)/\(output)", "--quiet",
        ] + more, environment: ["XDG_CACHE_HOME": program.folder + "/cache"])
    }
    var arrays: [Data] = []
    for (output, seed) in [("first", "1"), ("again", "1"), ("other", "2")] {
      let result = try explain(output, ["--references", "5", "--seed", seed])
      #expect(result.status == 0, "\(result.errors)")
      let path = "\(program.folder)/\(output)"
      let record = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path + "/methods.json")))
          as? [String: Any])
      let references = try #require(record["references"] as? [String: Any])
      let indices = try #require(references["indices"] as? [Int])
      #expect(Set(indices).count == 5 && indices.allSatisfy((0..<24).contains))
      #expect(references["split"] as? String == "train")
      arrays.append(try Data(contentsOf: URL(filePath: path + "/attributions.npy")))
    }
    #expect(arrays[0] == arrays[1] && arrays[1] != arrays[2])
    let many = try explain("many", ["--references", "25"])
    #expect(many.status == 64 && many.errors.contains("above the 24 training"), "\(many.errors)")
  }

  @Test func goesFromPicturesToPredictions() throws {
    defer { program.clean() }
    let checked = try program.run(["data", "check", folder])
    #expect(checked.status == 0 && checked.output.contains("cat"), "\(checked.errors)")
    for (name, more) in [
      ("memory", []), ("disk", ["--cache", "disk"]), ("again", ["--cache", "disk"]),
      ("none", ["--cache", "none"]), ("one", ["--cache", "none", "--threads", "1"]),
    ] {
      let result = try train(name, more)
      #expect(result.status == 0 && result.errors.isEmpty, "\(name): \(result.errors)")
      #expect(try weights(name) == weights("memory"), "\(name)")
    }
    let pictures = try FileManager.default.contentsOfDirectory(
      atPath: program.folder + "/cache/smoot/pictures")
    #expect(pictures.count == 2)
    let evaluated = try program.run(["evaluate", runs + "/memory", "--quiet"])
    #expect(evaluated.output.contains("accuracy 100.00 %  "), "\(evaluated.output)")
    #expect(evaluated.output.contains("6 images"))

    let predicted = try program.run(["predict", runs + "/memory", folder + "/cat", "--top", "2"])
    let lines = predicted.output.split(separator: "\n")
    #expect(predicted.status == 0 && lines.count == 10, "\(predicted.errors)")
    #expect(lines.allSatisfy { $0.contains(".png  cat ") && $0.contains(" %  ") })
    #expect(Set(lines.map(\.count)).count == 1)
    let json = try program.run([
      "predict", runs + "/memory", folder, folder + "/dog/0.png", "--json", "--batch-size", "7",
    ])
    let records = try json.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(records.count == 31)
    let guesses = try #require(records.last?["predictions"] as? [[String: Any]])
    #expect(guesses.map { $0["class"] as? String }.first == "dog")
    #expect(abs(guesses.compactMap { $0["probability"] as? Double }.reduce(0, +) - 1) < 1e-5)

    for command in [
      ["auc", runs + "/memory", "--percent", "0:50:25", "--no-control", "--quiet"],
      ["explain", runs + "/memory", "--indices", "0:4", "--output", program.folder + "/maps"],
      [
        "explain", runs + "/memory", folder + "/cat/0.png", folder + "/dog", "--output",
        program.folder + "/files",
      ],
      ["train", "--dataset", "pets", "--dry-run", "--model", "cnn", "--batch-size", "8"],
    ] {
      let result = try program.run(command)
      #expect(result.status == 0, "\(command): \(result.errors)")
    }
    let maps = try FileManager.default.contentsOfDirectory(atPath: program.folder + "/files/maps")
    #expect(maps.count == 22)
    try Data([1]).write(to: url("dog/bad.png"))
    let broken = try program.run([
      "explain", runs + "/memory", folder + "/dog", "--output", program.folder + "/broken",
    ])
    #expect(broken.status == 65 && broken.errors.contains("dog/bad.png"), "\(broken.errors)")
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/broken"))
  }

  @Test func predictsForModelsOfGreyImages() throws {
    defer { program.clean() }
    #expect(try program.run(program.training + ["--name", "mnist"]).status == 0)
    let files = ["0.png", "none.png", "1.png"].map { "\(folder)/bird/\($0)" }
    let result = try program.run(["predict", runs + "/mnist"] + files)
    #expect(result.status == 65)
    #expect(result.output.split(separator: "\n").count == 2)
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.contains("none.png"))
  }

  @Test func leavesOutBadPicturesWhenAsked() throws {
    defer { program.clean() }
    try Data("not a picture".utf8).write(to: url("cat/bad\nname.png"))
    try Data(try picture(1, 3).dropLast(30)).write(to: url("cat/cut.png"))
    try Data().write(to: url("dog/empty.JPG"))
    let check = try program.run(["data", "check", folder])
    #expect(check.status == 65 && check.output.isEmpty)
    let lines = check.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(lines.count == 3, "\(check.errors)")
    for name in ["bad\\nname.png", "cut.png", "empty.JPG"] {
      #expect(lines.contains { $0.contains(name) }, "\(name): \(check.errors)")
    }
    let report = try program.run(["data", "check", folder, "--json"])
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any])
    #expect((object["bad"] as? [Any])?.count == 3 && object["sound"] as? Bool == false)

    let stopped = try train("stopped")
    #expect(stopped.status == 65 && stopped.errors.contains("smoot data check"))
    #expect(!FileManager.default.fileExists(atPath: runs))

    let skip = ["--bad-images", "skip", "--method", "smoot"]
    let whole = try train("whole", skip)
    #expect(whole.status == 0 && whole.errors.contains("left out"), "\(whole.errors)")
    let list = try String(contentsOfFile: runs + "/whole/bad-images.txt", encoding: .utf8)
    #expect(list.split(separator: "\n").count == 3)
    #expect(list.contains("\tcat/cut.png\tbyte "))
    #expect(try train("short", skip + ["--epochs", "2"]).status == 0)
    // Sound or not, what the run began without stays out.
    try picture(2, 5).write(to: url("dog/empty.JPG"))
    let touched = try program.run(["resume", runs + "/short", "--epochs", "4", "--quiet"])
    #expect(touched.status == 0, "\(touched.errors)")
    #expect(try weights("short") == weights("whole"))
  }

  @Test func refusesToGoOnWithOtherPictures() throws {
    defer { program.clean() }
    #expect(try train("run").status == 0)
    func resume() throws -> Program.Result {
      try program.run(["resume", runs + "/run", "--epochs", "5", "--quiet"])
    }
    for number in 0..<10 { try picture(0, 9 - number).write(to: url("cat/\(number).png")) }
    let other = try resume()
    #expect(other.status == 65 && other.errors.contains("began with"), "\(other.errors)")
    for number in 0..<10 { try picture(1, number).write(to: url("cat/\(number).png")) }
    // The folder may have moved.
    let moved = program.folder + "/moved"
    try FileManager.default.moveItem(atPath: folder, toPath: moved)
    #expect(try resume().status == 66)
    let resumed = try program.run([
      "resume", runs + "/run", "--epochs", "5", "--quiet", "--data", moved,
    ])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let evaluated = try program.run(["evaluate", runs + "/run", "--quiet"])
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    // A folder of other classes is not what the model knows.
    try FileManager.default.moveItem(atPath: moved + "/cat", toPath: moved + "/lion")
    let foreign = try program.run(["evaluate", runs + "/run", "--dataset", moved, "--quiet"])
    #expect(foreign.status == 65 && foreign.errors.contains("instead of cat"), "\(foreign.errors)")
  }

  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    let empty = program.folder + "/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    let train = arguments("wrong")
    let mistakes: [([String], Int32, String)] = [
      (train + ["--dataset", empty], 65, "no class folders"),
      (train + ["--dataset", program.folder + "/none"], 66, "none"),
      (train + ["--image-size", "5"], 64, "image-size"),
      (train + ["--image-size", "300"], 64, "3x300x300"),
      (train + ["--val-split", "1"], 64, "val-split"), (train + ["--cache", "ram"], 64, "cache"),
      (train + ["--bad-images", "ignore"], 64, "bad-images"),
      (train + ["--method", "smoot", "--topn", "4"], 64, "3 classes"),
      (train + ["--validation", "24"], 64, "--validation"),
      (["train", "--dataset", "mnist", "--image-size", "32"], 64, "--image-size"),
      (["data", "check", empty], 65, "no class folders"),
      (["data", "check", program.folder + "/none/"], 66, "none"),
      (["predict", program.folder + "/none", folder], 66, "none"),
    ]
    for (arguments, status, part) in mistakes {
      let result = try program.run(arguments)
      #expect(result.status == status, "\(arguments.suffix(2)): \(result.status) \(result.errors)")
      #expect(result.errors.contains(part), "\(arguments.suffix(2)): \(result.errors)")
      #expect(result.output.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: runs))
  }
}
