import Foundation
import SmootAttribution
import SmootAutodiff
import SmootEvaluation
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Likeness of maps, and what randomized networks leave of it.
@Suite(.serialized) struct RandomizationTests {
  @Test func comparesAsSciPyAndScikitImageDo() throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "imputation")
    let a = try golden.tensor("similarity.a").reshaped(to: [4, 13 * 17])
    let b = try golden.tensor("similarity.b").reshaped(to: [4, 13 * 17])
    expectScores(
      MapSimilarity.rankCorrelation(a, b), try golden.tensor("similarity.spearman"),
      tolerance: 1e-6)
    expectScores(
      MapSimilarity.structuralSimilarity(a, b, width: 17), try golden.tensor("similarity.ssim"),
      tolerance: 1e-6)
    let constant = Tensor(repeating: 2, shape: [1, 49])
    let map = formula([1, 49], 0.1)
    #expect(MapSimilarity.rankCorrelation(constant, map) == [nil])
    #expect(MapSimilarity.structuralSimilarity(constant, constant, width: 7) == [nil])
    #expect(abs((MapSimilarity.structuralSimilarity(map, map, width: 7)[0] ?? 0) - 1) < 1e-12)
    // Squares of 3 x 3 in a map of 4 x 3: two of them.
    let small = MapSimilarity.structuralSimilarity(
      formula([1, 12], 0.1), formula([1, 12], 0.9), width: 3)
    #expect(abs(small[0] ?? 2) < 1)
  }

  @Test(arguments: ParameterRandomization.Order.allCases)
  func randomizesLayersAsQuantusDoes(_ order: ParameterRandomization.Order) throws {
    let test = try MeasureCase("28x28x1")
    let batch = test.batch()
    let maps = MeasureCase.gradient(batch.images, batch.targets, batch.indices, test.model)
    var explanation = try Explanation(maps: maps, of: batch, explainer: MeasureCase.gradient)
    explanation.makeModel = { _ in MeasureCase.network(test.size, phase: 5) }
    var measure = ParameterRandomization()
    measure.order = order
    let before = test.model.parameters.map(\.value.scalars)
    let found = try measure.measure(explanation, of: batch)
    #expect(test.model.parameters.map(\.value.scalars) == before)
    for (curve, golden) in [("rank correlation", "spearman"), ("structural similarity", "ssim")] {
      let curves = try #require(found.curves[curve])
      #expect(curves.places == .layers(["fc2", "fc1", "conv2", "conv1"]))
      expectScores(
        curves.values.flatMap(\.self),
        try test.golden.tensor("randomization_\(order.rawValue)_\(golden)"), curve)
    }
    let ranks = try #require(found.curves["rank correlation"]).values
    let means = try #require(found.scores["parameter-randomization"])
    let full = try #require(found.scores["full-randomization"])
    for image in 0..<batch.count {
      let row = ranks[image].compactMap(\.self)
      #expect(abs((means[image] ?? 2) - row.reduce(0, +) / 4) < 1e-12)
      #expect(full[image] == (order == .cascading ? row[3] : nil))
      // 784 random numbers: a standard error of 0.036.
      #expect(abs((found.scores["random-map-floor"]?[image] ?? 2)) < 0.2)
    }
  }

  @Test func namesBlocksAndFrozenLayersInTheirOrder() throws {
    let size = ImageSize(channels: 3, height: 32, width: 32)
    func make() -> ResNet {
      ResNet(.resnet18, inputSize: size, classCount: 4, random: RandomKey(seed: 1))
    }
    let frozen = FrozenClassifier(make()) { $0.hasPrefix("conv1") || $0.hasPrefix("layer1") }
    let image = formula([1, 3, 32, 32], 0.3)
    let batch = EvaluationBatch(images: image, labels: [1], indices: [0], model: frozen)
    let flat: Explainer = { _, _, _, _ in formula([1, 1024], 0.2) }
    var explanation = try Explanation(maps: formula([1, 1024], 0.2), of: batch, explainer: flat)
    explanation.makeModel = { _ in make() }
    var measure = ParameterRandomization()
    let modules = try measure.measure(explanation, of: batch)
    guard case .layers(let names)? = modules.curves["rank correlation"]?.places else {
      Issue.record("no layers")
      return
    }
    #expect(names.first == "fc" && names.last == "conv1")
    #expect(names.count == 1 + 20 + 20)  // fc, 20 convolutions, 20 normalizations
    #expect(modules.scores["parameter-randomization"] == [1])
    measure.unit = .block
    let blocks = try measure.measure(explanation, of: batch)
    guard case .layers(let parts)? = blocks.curves["rank correlation"]?.places else {
      Issue.record("no layers")
      return
    }
    #expect(parts == Array(frozen.layers.compactMap(\.first).reversed()))
  }

  @Test func comparesWithPermutedLabels() throws {
    let test = try MeasureCase("28x28x1")
    let batch = test.batch()
    let maps = MeasureCase.gradient(batch.images, batch.targets, batch.indices, test.model)
    var explanation = try Explanation(maps: maps, of: batch, explainer: MeasureCase.gradient)
    #expect(throws: MeasureError.self) {
      _ = try LabelRandomization().measure(explanation, of: batch)
    }
    // The whole network replaced: the last step of the cascade.
    explanation.randomLabelModel = MeasureCase.network(test.size, phase: 5)
    let found = try LabelRandomization().measure(explanation, of: batch)
    let cascade = try test.golden.tensor("randomization_cascading_spearman").scalars.chunked(4)
    expectScores(
      try #require(found.scores["label-randomization"]),
      Tensor(cascade.map { $0[3] }, shape: [batch.count]))
    explanation.randomLabelModel = test.model
    let same = try LabelRandomization().measure(explanation, of: batch)
    for score in same.scores["label-randomization-ssim"] ?? [nil] {
      #expect(abs((score ?? 0) - 1) < 1e-9)
    }
    explanation.randomLabelModel = LinearModel([1, 2])
    #expect(throws: MeasureError.self) {
      _ = try LabelRandomization().measure(explanation, of: batch)
    }
  }
}
