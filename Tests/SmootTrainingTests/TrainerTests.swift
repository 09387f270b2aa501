import Foundation
import SmootAutodiff
import SmootCheckpoints
import SmootDatasets
import SmootNN
import SmootTensor
import SmootTraining
import Testing

/// Runs on small synthetic pictures: learning, resuming, threads, not-a-number.
@Suite(.serialized) struct TrainerTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"

  private func configuration(_ method: TrainingMethod) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.method = method
    configuration.epochs = 2
    configuration.batchSize = 20
    configuration.topn = 4
    configuration.saveEvery = .steps(1)
    configuration.averageDecay = 0.9
    configuration.cropPadding = 2
    configuration.flip = true
    return configuration
  }

  private func trainer(_ configuration: TrainingConfiguration) throws -> Trainer {
    try Trainer(
      configuration: configuration, training: syntheticDataset(count: 70),
      test: syntheticDataset(count: 40, split: "test"))
  }

  /// Trains and returns the bytes of the last checkpoint.
  private func run(
    _ trainer: Trainer, _ name: String, stopAfter steps: Int = .max
  ) throws -> (outcome: TrainingOutcome, last: Data, records: [EpochRecord]) {
    let store = try CheckpointStore(folder: "\(folder)/\(name)", kept: 2)
    let log = try JSONLinesLog(path: "\(folder)/\(name)/metrics.jsonl")
    var taken = 0
    let outcome = try trainer.run(store: store, log: log, shouldStop: { taken >= steps }) { event in
      if case .step = event { taken += 1 }
    }
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)/last.safetensors"))
    return (outcome, data, log.records(EpochRecord.self))
  }

  private static let courses: [(TrainingMethod, String, Precision)] =
    TrainingMethod.allCases.flatMap { [($0, "cnn", .float32), ($0, "vit-micro", .float32)] }
    + [(.smoot, "resnet18", .float32)]
    + ["cnn", "vit-micro", "resnet18"].map { (.smoot, $0, .bfloat16) }

  @Test(arguments: [
    (TrainingMethod.smoot, "cnn dropkey"), (.sgt, "cnn dropout"),
    (.traditional, "resnet18 dropkey"),
  ])
  func givesTheSameBytesWithAttentionHeads(_ method: TrainingMethod, _ model: String) throws {
    try givesTheSameBytesForAnyThreadsAndAfterAnyStop(method, model, .float32)
  }

  /// With every random part of the way switched on; a head's name may follow that of the network.
  @Test(arguments: courses)
  func givesTheSameBytesForAnyThreadsAndAfterAnyStop(
    _ method: TrainingMethod, _ model: String, _ precision: Precision
  ) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let before = Parallelism.threads
    defer { Parallelism.threads = before }
    func configuration(_ method: TrainingMethod) -> TrainingConfiguration {
      var configuration = self.configuration(method)
      let words = model.split(separator: " ").map(String.init)
      configuration.model = words[0]
      configuration.modelOptions.head = words.count > 1 ? FeatureHead.Kind(rawValue: words[1]) : nil
      configuration.precision = precision
      if model == "vit-micro" {
        configuration.modelOptions.pathDropout = 0.3
        configuration.modelOptions.dropout = 0.1
        configuration.layerDecay = 0.8
      }
      (configuration.mixup, configuration.cutmix) = (0.8, 1)
      (configuration.randAugment, configuration.colorJitter) = (2, 0.4)
      (configuration.erasing, configuration.labelSmoothing) = (0.5, 0.1)
      (configuration.resizedCrop, configuration.cropPadding) = (0.3, nil)
      return configuration
    }
    let whole = try run(trainer(configuration(method)), "whole")
    #expect(whole.outcome == .finished)
    #expect(whole.records.map(\.epoch) == [1, 2])
    for threads in model.hasPrefix("resnet18") ? [1, 4] : [1, 2, 3, 4] {
      Parallelism.threads = threads
      let other = try run(trainer(configuration(method)), "threads-\(threads)")
      #expect(other.last == whole.last, "\(threads) threads")
    }
    Parallelism.threads = before
    // Four steps an epoch: in the middle, at the end and right after the beginning of an epoch.
    for stop in model.hasPrefix("cnn") ? Array(1...7) : [2, 4] {
      let name = "stop-\(stop)"
      let first = try run(trainer(configuration(method)), name, stopAfter: stop)
      #expect(first.outcome == .interrupted)
      let (file, path, damaged) = try CheckpointStore.newest(in: "\(folder)/\(name)")
      #expect(damaged.isEmpty)
      let second = try trainer(TrainingConfiguration(file, path: path))
      try second.restore(file, path: path)
      #expect(second.state.step == stop)
      let resumed = try run(second, name)
      #expect(resumed.last == whole.last, "stopped after step \(stop)")
      #expect(resumed.records.map(\.epoch) == [1, 2])
      #expect(resumed.records.map(\.loss) == whole.records.map(\.loss))
      #expect(resumed.records.map(\.kMedian) == whole.records.map(\.kMedian))
    }
  }

  @Test(arguments: TrainingMethod.allCases) func learns(_ method: TrainingMethod) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = configuration(method)
    configuration.epochs = 12
    configuration.averageDecay = nil
    (configuration.cropPadding, configuration.flip) = (nil, nil)
    let result = try run(trainer(configuration), "learns")
    #expect((result.records.last?.testAccuracy ?? 0) > 90)
    #expect((result.records.last?.loss ?? 9) < (result.records.first?.loss ?? 0))
  }

  @Test func stopsAtNumbersThatAreNotFinite() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = configuration(.traditional)
    configuration.learningRate = 1e30
    configuration.optimizer = .sgd
    #expect(throws: TrainingError.self) { try run(trainer(configuration), "nan") }
    for step in CheckpointStore.steps("\(folder)/nan") {
      let (file, _, _) = try CheckpointStore.newest(in: "\(folder)/nan")
      #expect(step < 8)
      let tensors = file.entries.values.compactMap(\.tensor)
      #expect(tensors.allSatisfy { $0.isFinite })
    }
    configuration.onNaN = .skip
    let result = try run(trainer(configuration), "skip")
    #expect(result.records.map(\.skippedSteps).reduce(0, +) > 0)
  }

  @Test func refusesTheCheckpointOfAnotherModel() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run(trainer(configuration(.sgt)), "other", stopAfter: 1)
    let (file, path, _) = try CheckpointStore.newest(in: "\(folder)/other")
    let large = try Trainer(
      configuration: configuration(.sgt),
      training: ImageDataset(
        name: "large", split: "train", size: ImageSize(channels: 1, height: 20, width: 20),
        classNames: ["a", "b"], normalization: Normalization(mean: [0], standardDeviation: [1]),
        pixels: [UInt8](repeating: 0, count: 800), labels: [0, 1]),
      test: syntheticDataset(count: 4, split: "test"))
    #expect(throws: CheckpointError.self) { try large.restore(file, path: path) }
  }

  @Test func movesOnlyWhatIsNotFrozenAndEarlierLayersLess() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = configuration(.traditional)
    configuration.optimizer = .sgd
    configuration.momentum = 0
    configuration.averageDecay = 0.9
    configuration.freeze = "conv1.*,fc?.bias"
    func change(_ configuration: TrainingConfiguration, _ name: String) throws -> [String: Float] {
      let trainer = try trainer(configuration)
      let everything = trainer.model.parameters + trainer.model.buffers
      let before = everything.map(\.value)
      _ = try run(trainer, name, stopAfter: 1)
      let steps = zip(everything, before).map { parameter, old in
        (
          parameter.name,
          zip(parameter.value.scalars, old.scalars).reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
        )
      }
      return Dictionary(uniqueKeysWithValues: steps)
    }
    let frozen = try change(configuration, "frozen")
    for name in ["conv1.weight", "conv1.bias", "fc1.bias", "fc2.bias"] {
      #expect(frozen[name] == 0, "\(name)")
    }
    #expect(try #require(frozen["fc2.weight"]) > 0)
    // What was frozen has no average; the checkpoint loads all the same.
    let (file, path, _) = try CheckpointStore.newest(in: "\(folder)/frozen")
    #expect(file.entries["smoot.ema.conv1.weight"] == nil)
    let description = try ModelDescription(file, path: path)
    _ = try description.load(file, path: path)

    configuration.freeze = nil
    let whole = try change(configuration, "whole")
    configuration.layerDecay = 0.5
    let decayed = try change(configuration, "decayed")
    for (name, share) in [("fc2.weight", 1), ("fc1.weight", 0.5), ("conv1.weight", 0.125)] {
      let ratio = try #require(decayed[name]) / #require(whole[name])
      #expect(abs(ratio - Float(share)) < 0.01, "\(name): \(ratio)")
    }
  }

  @Test func learnsPermutedLabelsAndIsJudgedByTrueOnes() throws {
    var configuration = configuration(.traditional)
    configuration.permuteLabels = true
    configuration.validation = 10
    let permuted = try trainer(configuration)
    configuration.permuteLabels = false
    let plain = try trainer(configuration)
    #expect(permuted.training.labels != plain.training.labels)
    #expect(permuted.training.labels.sorted() == plain.training.labels.sorted())
    #expect(permuted.validation?.labels == plain.validation?.labels)
    #expect(permuted.test.labels == plain.test.labels)
  }

  @Test func readsDescriptionsOfEarlierVersions() throws {
    let known = """
      "dataset":"mnist","classNames":["a","b"],"inputSize":{"channels":1,"height":28,"width":28},\
      "normalization":{"mean":[0.1],"std":[0.3]}
      """
    func description(_ text: String) throws -> ModelDescription {
      var file = TensorFile()
      file.metadata[ModelDescription.key] = text
      return try ModelDescription(file, path: "run")
    }
    #expect(try description("{\"model\":\"cnn\",\(known)}").options == ModelOptions())
    var options = ModelOptions()
    options.depth = 3
    #expect(
      try description("{\"model\":\"vit-tiny\",\"options\":{\"depth\":3},\(known)}").options
        == options)
    let error = #expect(throws: CheckpointError.self) { try description("{\(known)}") }
    #expect("\(try #require(error))".contains("model"))
  }

  @Test func refusesToFreezeNothingOrEverything() throws {
    var configuration = configuration(.traditional)
    for pattern in ["nothing.*", "conv*,fc*"] {
      configuration.freeze = pattern
      #expect(throws: ConfigurationError.self) { try trainer(configuration) }
    }
  }

  @Test func keepsMaskSizesOfImagesByTheirIndex() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = configuration(.smoot)
    configuration.validation = 10
    configuration.select = .bestValidation
    _ = try run(trainer(configuration), "held")
    let (file, _, _) = try CheckpointStore.newest(in: "\(folder)/held")
    let sizes = file.entries["smoot.k"]?.tensor?.scalars ?? []
    #expect(sizes.count == 70)
    #expect(sizes.count { $0 == 72 } >= 10)
    #expect(sizes.contains { $0 != 72 })
  }
}
