import Foundation
import Smoot
import Testing

/// The README's example, word for word.
@Suite struct LibraryTests {
  @Test func trainsAndEvaluates() throws {
    let program = try Program()
    defer { program.clean() }
    let accuracy = try trainAndEvaluate(data: program.folder + "/data")
    #expect((0...100).contains(accuracy))
  }

  @Test func isWhatTheReadmeShows() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let here = try String(contentsOfFile: #filePath, encoding: .utf8)
    let example = try #require(
      readme.components(separatedBy: "```swift\nimport Smoot\n").last?
        .components(separatedBy: "```").first)
    #expect(here.contains(example))
  }
}

func trainAndEvaluate(data: String) throws -> Double {
  var configuration = TrainingConfiguration()
  configuration.dataset = "mnist"
  configuration.method = .smoot
  configuration.epochs = 1
  try configuration.validate()

  let mnist = try KnownDataset.named("mnist")
  let locator = DataLocator(path: data)
  let test = try mnist.load(.test, from: locator)
  let trainer = try Trainer(
    configuration: configuration, training: try mnist.load(.train, from: locator), test: test)
  let store = try CheckpointStore(folder: "\(data)/checkpoints", kept: 2)
  let log = try JSONLinesLog(path: "\(data)/metrics.jsonl")
  _ = try trainer.run(store: store, log: log, shouldStop: { false }, onEvent: { _ in })

  return ClassificationScore(of: trainer.model, on: test).accuracy
}
