import Foundation
import Smoot
import Testing

/// Data and checkpoints that are not what they should be, as the program meets them: one line, exit code 65, nothing written.
@Suite(.serialized) struct DamageTests {
  private let program: Program

  init() throws { program = try Program() }

  private func expectRefusal(
    _ arguments: [String], naming part: String, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try program.run(arguments)
    #expect(
      result.status == 65, "\(what): \(result.status) \(result.errors)",
      sourceLocation: sourceLocation)
    #expect(
      result.errors.contains(part), "\(what): \(result.errors)", sourceLocation: sourceLocation)
    #expect(
      result.errors.split(separator: "\n").count == 1, "\(what): \(result.errors)",
      sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
  }

  @Test func refusesDamagedData() throws {
    defer { program.clean() }
    let folder = program.folder + "/data/mnist"
    let (images, labels) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    let damages: [(String, String, (Data) -> Data)] = [
      ("truncated images", images, { $0.dropLast(7) }), ("empty images", images, { _ in Data() }),
      ("short header", images, { $0.prefix(9) }),
      ("wrong magic", images, { Data([1, 2, 3, 4]) + $0.dropFirst(4) }),
      ("trailing bytes", images, { $0 + Data([0]) }),
      ("truncated labels", labels, { $0.dropLast(3) }),
      ("a label out of range", labels, { $0.dropLast() + Data([10]) }),
      (
        "more labels than images", labels,
        { Data([0, 0, 8, 1, 0, 0, 0, 61]) + $0.dropFirst(8) + Data([1]) }
      ),
      ("text", labels, { _ in Data("labels\n".utf8) }),
    ]
    for (what, name, damage) in damages {
      let path = "\(folder)/\(name)"
      let good = try Data(contentsOf: URL(filePath: path))
      try Data(damage(good)).write(to: URL(filePath: path))
      try expectRefusal(program.training, naming: "ubyte", what)
      try expectRefusal(
        ["data", "check", "mnist", "--data", program.folder + "/data"], naming: "ubyte", what)
      try good.write(to: URL(filePath: path))
    }
    // Damaged inside the compression.
    try FileManager.default.removeItem(atPath: "\(folder)/\(images)")
    try Data([0x1f, 0x8b, 8, 0] + [UInt8](repeating: 7, count: 90))
      .write(to: URL(filePath: "\(folder)/\(images).gz"))
    try expectRefusal(program.training, naming: ".gz", "damaged gzip")
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/runs"))
  }

  @Test func refusesACheckpointOfAnotherModel() throws {
    defer { program.clean() }
    #expect(try program.run(program.training + ["--name", "one"]).status == 0)
    let run = program.folder + "/runs/one"
    let other = program.folder + "/other.safetensors"
    var file = try TensorFile(contentsOf: run + "/checkpoints/last.safetensors")
    let description = try #require(file.metadata["smoot.model"])
    file.metadata["smoot.model"] = description.replacing("\"cnn\"", with: "\"vit-micro\"")
    #expect(file.metadata["smoot.model"] != description)
    try file.write(to: other)
    try expectRefusal(["evaluate", other], naming: "other.safetensors", "another model")
    file.metadata["smoot.model"] = description.replacing("\"cnn\"", with: "\"alexnet\"")
    try file.write(to: other)
    try expectRefusal(["evaluate", other], naming: "alexnet", "an unknown model")
    // What a hostile file may say must neither trap nor eat up the memory.
    let sizes = [
      ("\"height\":28", "\"height\":1000000000"), ("\"height\":28", "\"height\":-28"),
      ("\"channels\":1", "\"channels\":0"), ("\"width\":28", "\"width\":5"),
      ("[0.1307]", "[]"), ("[\"0\",", "[\"-1\",\"0\","),
    ]
    for (part, replacement) in sizes {
      file.metadata["smoot.model"] = description.replacing(part, with: replacement)
      #expect(file.metadata["smoot.model"] != description, "\(part)")
      try file.write(to: other)
      try expectRefusal(["evaluate", other], naming: "other.safetensors", replacement)
    }
    file.metadata["smoot.model"] = nil
    try file.write(to: other)
    try expectRefusal(["evaluate", other], naming: "other.safetensors", "no model")
    try expectRefusal(
      ["evaluate", run, "--dataset", "cifar10", "--data", program.folder + "/data"],
      naming: "cifar10", "images of another size")
  }

  @Test func refusesToCompareModelsOfOtherImages() throws {
    defer { program.clean() }
    #expect(try program.run(program.training + ["--name", "one"]).status == 0)
    let run = program.folder + "/runs/one"
    var file = try TensorFile(contentsOf: run + "/checkpoints/last.safetensors")
    let description = try #require(file.metadata["smoot.model"])
    file.metadata["smoot.model"] = description.replacing("\"channels\":1", with: "\"channels\":3")
      .replacing("[0.1307]", with: "[0,0,0]").replacing("[0.3081]", with: "[1,1,1]")
    file.entries["conv1.weight"] = TensorFile.Entry(Tensor.zeros([32, 3, 3, 3]))
    let other = program.folder + "/colour.safetensors"
    try file.write(to: other)
    let explain = ["explain", run, "--data", program.folder + "/data", "--output"]
    let maps = program.folder + "/maps"
    try expectRefusal(
      explain + [maps, "--indices", "0:2", "--compare", other], naming: "takes images of 3x28x28",
      "another size")
    let beyond = try program.run(explain + [maps, "--indices", "500:600"])
    #expect(beyond.status == 64, "\(beyond.status) \(beyond.errors)")
    #expect(beyond.errors.contains("goes beyond the 30 images"))
    #expect(!FileManager.default.fileExists(atPath: maps))
  }

  @Test func refusesAStateThatCannotBe() throws {
    defer { program.clean() }
    let train = program.training + ["--adaptive", "--name", "one"]
    #expect(try program.run(train).status == 0)
    let run = program.folder + "/runs/one"
    let step = try #require(CheckpointStore.steps(run + "/checkpoints").first)
    let path = run + "/checkpoints/step-000000\(step).safetensors"
    let good = try TensorFile(contentsOf: path)
    let state = try #require(good.metadata["smoot.state"])
    for (part, replacement) in [
      ("\"stepInEpoch\":0", "\"stepInEpoch\":-3"), ("\"stepInEpoch\":0", "\"stepInEpoch\":99"),
      ("\"epoch\":2", "\"epoch\":-1"),
    ] {
      var file = good
      file.metadata["smoot.state"] = state.replacing(part, with: replacement)
      #expect(file.metadata["smoot.state"] != state)
      try file.write(to: path)
      try expectRefusal(["resume", run, "--quiet"], naming: "smoot.state", replacement)
    }
    for value in [Float.nan, -1, 1e9] {
      var file = good
      let count = try #require(good.entries["smoot.k"]?.tensor).count
      file.entries["smoot.k"] = TensorFile.Entry(Tensor(repeating: value, shape: [count]))
      try file.write(to: path)
      try expectRefusal(["resume", run, "--quiet"], naming: "smoot.k", "k of \(value)")
    }
  }

  @Test func fallsBackToTheNewestSoundCheckpoint() throws {
    defer { program.clean() }
    let training = program.training + ["--save-every", "1s"]
    #expect(try program.run(training + ["--name", "whole"]).status == 0)
    #expect(try program.run(training + ["--name", "bad"]).status == 0)
    let checkpoints = program.folder + "/runs/bad/checkpoints"
    let newest = try #require(CheckpointStore.steps(checkpoints).first)
    let path =
      checkpoints + "/step-" + String(repeating: "0", count: 7 - "\(newest)".count)
      + "\(newest).safetensors"
    var data = try Data(contentsOf: URL(filePath: path))
    data[data.count / 2] ^= 1
    try data.write(to: URL(filePath: path))
    let resumed = try program.run(["resume", program.folder + "/runs/bad", "--quiet"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("warning") && resumed.errors.contains("\(newest).safetensors"))
    #expect(try program.last("bad") == program.last("whole"))
  }
}
