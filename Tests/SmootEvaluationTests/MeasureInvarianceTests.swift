import SmootAttribution
import SmootDatasets
import SmootEvaluation
import SmootMasking
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// The same bits however the images are cut into pieces, and for any number of threads.
@Suite(.serialized) struct MeasureInvarianceTests {
  /// Every measure with options that draw random numbers where it can.
  private func measures() throws -> [any FaithfulnessMeasure] {
    try MeasureRegistry.measures.map { type in
      var measure = type.init()
      for setting in measure.settings {
        switch setting.name {
        case "fill", "deletion", "baseline": try measure.set(setting.name, to: "uniform")
        case "steps", "samples": try measure.set(setting.name, to: "3")
        case "percent": try measure.set(setting.name, to: "10,60")
        default: break
        }
      }
      return measure
    }
  }

  private func explanation(_ test: MeasureCase, _ batch: EvaluationBatch) throws -> Explanation {
    let maps = MeasureCase.gradient(batch.images, batch.targets, batch.indices, batch.model)
    var explanation = try Explanation(maps: maps, of: batch, explainer: MeasureCase.gradient)
    explanation.makeModel = { key in
      PaperCNN(inputSize: test.size, classCount: 10, random: key)
    }
    explanation.randomLabelModel = MeasureCase.network(test.size, phase: 5)
    return explanation
  }

  private func run(
    _ measure: any FaithfulnessMeasure, _ test: MeasureCase, pieces: [Range<Int>],
    rowsPerPass: Int?
  ) throws -> BatchScores {
    let objects = try test.pixels("objects")
    return BatchScores.joined(
      try pieces.map { range in
        let batch = test.batch(range, objects: objects, rowsPerPass: rowsPerPass)
        return try measure.measure(try explanation(test, batch), of: batch)
      })
  }

  /// A BLAS, which does the products where there are no vector kernels, may round a row by how many there are: there the scores are equal but for rounding.
  @Test(arguments: kernelLevels)
  func doesNotDependOnPiecesOrThreads(_ level: String) throws {
    let test = try MeasureCase("28x28x1")
    let kept = Parallelism.threads
    defer { Parallelism.threads = kept }
    func expectEqual(_ found: BatchScores, _ whole: BatchScores, _ what: String) {
      guard level == "scalar" else {
        #expect(found == whole, "\(what)")
        return
      }
      for (score, values) in whole.scores {
        for (a, b) in zip(values, found.scores[score] ?? []) where a != b {
          #expect(abs((a ?? .nan) - (b ?? .nan)) < 1e-4 * max(1, abs(a ?? 0)), "\(what) \(score)")
        }
      }
    }
    try withKernels(level) {
      for measure in try measures() {
        let name = type(of: measure).information.name
        // Plain loops are slow, so they take two measures only.
        guard level != "scalar" || ["insertion-deletion", "road"].contains(name) else { continue }
        Parallelism.threads = 2
        let whole = try run(measure, test, pieces: [0..<4], rowsPerPass: nil)
        #expect(Set(whole.scores.keys) == Set(type(of: measure).scores.map(\.name)), "\(name)")
        let single = try run(
          measure, test, pieces: [2..<3, 0..<1, 3..<4, 1..<2], rowsPerPass: 1)
        expectEqual(single, whole, "\(name): one image at a time")
        Parallelism.threads = 3
        let odd = try run(measure, test, pieces: [0..<3, 3..<4], rowsPerPass: 7)
        expectEqual(odd, whole, "\(name): pieces of 3, 7 rows, 3 threads")
      }
    }
  }

  /// Other seeds draw other numbers: noise and fills are not ignored.
  @Test func dependsOnTheSeedWhereItDraws() throws {
    let test = try MeasureCase("28x28x1")
    for measure in try measures() where measure.settings.contains(where: { $0.name == "seed" }) {
      var other = measure
      try other.set("seed", to: "2")
      let a = try run(measure, test, pieces: [0..<4], rowsPerPass: nil)
      let b = try run(other, test, pieces: [0..<4], rowsPerPass: nil)
      #expect(a != b, "\(type(of: measure).information.name)")
    }
  }

  /// Each image and each sample has draws of its own.
  @Test func drawsByImageAndSample() throws {
    let model = LinearModel(
      [1, 2, 3, 4, 5, 6, 7, 8, 9], size: ImageSize(channels: 1, height: 3, width: 3))
    let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    let batch = model.batch([image, image])
    let square: Explainer = { images, _, _, _ in images * images }
    let explanation = try Explanation(
      maps: batch.images * batch.images, of: batch, explainer: square)
    func scores(_ name: String, _ settings: [(String, String)]) throws -> [Double] {
      let measure = try MeasureRegistry.measure(
        name, settings: settings.map { MeasureSetting(name: $0.0, value: $0.1) })
      let found = try measure.measure(explanation, of: batch)
      let score = type(of: measure).scores[0].name
      return (found.scores[score] ?? []).compactMap { $0 }
    }
    for perturbation in ["noise", "square"] {
      let option = [("perturbation", perturbation), ("side", "2")]
      let many = try scores("infidelity", option + [("samples", "8")])
      #expect(many.count == 2 && many[0] != many[1], "\(perturbation)")
      #expect(try scores("infidelity", option + [("samples", "1")]) != many, "\(perturbation)")
    }
    let many = try scores("max-sensitivity", [("samples", "8")])
    #expect(many.count == 2 && many[0] != many[1])
    #expect(try scores("max-sensitivity", [("samples", "1")]) != many)
    let road = try scores("road", [("score", "logit"), ("noise", "1"), ("percent", "50")])
    #expect(road.count == 2 && road[0] != road[1])
    let quiet = try scores("road", [("score", "logit"), ("noise", "0"), ("percent", "50")])
    #expect(quiet.count == 2 && quiet[0] == quiet[1])
  }

  /// The measure of given maps and the older one of the gradient count the same right answers.
  @Test(arguments: [RemovalFill.corner, .zero, .mean, .blur, .minimum])
  func agreesWithTheMeasureOfTheGradient(_ fill: RemovalFill) throws {
    let (dataset, model) = try noise(12)
    let batch = dataset.batch(Array(0..<12))
    var options = AccuracyDrop.Options()
    options.fill = fill
    let hits = AccuracyDrop(options: options).hits(of: model, on: dataset, places: Array(0..<12))
    var measure = AccuracyDropMeasure()
    measure.fill = fill
    let evaluated = EvaluationBatch(batch, model: model)
    let maps = InputGradient()(batch.images, labels: batch.labels, model: model).gradients
    let found = try measure.measure(Explanation(maps: maps, of: evaluated), of: evaluated)
    let curves = try #require(found.curves["accuracy"])
    let counts = (0..<10).map { share in
      curves.values.count { $0[share] == 100 }
    }
    #expect(counts == hits && hits[0] == 12 && hits[9] < 12)
    let area = AccuracyDrop(options: options).area(
      under: AccuracyDrop.curve(hits: hits, count: 12))
    let mean = try #require(ScoreSummary(found.scores["accuracy-drop"] ?? []).mean)
    #expect(abs(mean - area) < 1e-9)
  }

  @Test func explainsTheLabelOrThePrediction() {
    let model = LinearModel([1, -1])
    let images = Tensor([2, 1, 1, 2], shape: [2, 1, 1, 2])
    let labeled = LabeledBatch(images: images, labels: [1, 1], indices: [5, 6])
    #expect(EvaluationBatch(labeled, model: model).targets == [1, 1])
    let predicted = EvaluationBatch(labeled, model: model, target: .prediction)
    #expect(predicted.targets == [0, 1] && predicted.labels == [1, 1])
    #expect(predicted.logits.scalars == [1, 0, -1, 0])
  }

  /// The older measure's own steps, one share after the other on the whole batch, as it took them before it shared its loop.
  @Test func keepsTheOlderMeasuresNumbers() throws {
    let (dataset, model) = try noise(48)
    let batch = dataset.batch(Array(0..<48))
    let gradient = InputGradient()(batch.images, labels: batch.labels, model: model).gradients
    let order = SaliencyOrder(
      descending: gradient.reshaped(to: [48, 784]).mapped { abs($0) })
    var images = batch.images.scalars
    let percent = Array(stride(from: 0, through: 90, by: 10))
    let expected = percent.map { share in
      let count = share == 0 ? 0 : max(1, 784 * share / 100)
      for image in 0..<48 {
        for rank in 0..<count {
          images[image * 784 + Int(order.indices[image * 784 + rank])] = images[image * 784]
        }
      }
      let logits = EvaluationBatch(
        images: Tensor(images, shape: [48, 1, 28, 28]), labels: batch.labels,
        indices: batch.indices, model: model
      ).logits
      return zip(logits.argmaxOfRows, batch.labels).count { $0 == Int($1) }
    }
    let drop = AccuracyDrop(options: AccuracyDrop.Options())
    #expect(drop.hits(of: model, on: dataset, places: Array(0..<48)) == expected)
    #expect(expected[0] == 48 && Set(expected).count > 6)
  }

  /// Images of noise, with the network's own predictions as labels.
  private func noise(_ count: Int) throws -> (ImageDataset, PaperCNN) {
    let size = ImageSize(channels: 1, height: 28, width: 28)
    let model = MeasureCase.network(size)
    let bytes = (0..<count * 784).map {
      UInt8(127 + 120 * RandomKey(seed: 3).normal(at: UInt64($0)).clamped)
    }
    let dataset = ImageDataset(
      name: "noise", split: "test", size: size, classNames: (0..<10).map { "\($0)" },
      normalization: Normalization(mean: [0.5], standardDeviation: [0.25]), pixels: bytes,
      labels: [Int](repeating: 0, count: count))
    let predicted = EvaluationBatch(
      dataset.batch(Array(0..<count)), model: model, target: .prediction)
    return (dataset.labeled(predicted.targets), model)
  }
}

extension Float {
  /// Between -1 and 1.
  fileprivate var clamped: Float { Swift.max(-1, Swift.min(1, self)) }
}
