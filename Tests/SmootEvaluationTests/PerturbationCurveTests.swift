import SmootAutodiff
import SmootEvaluation
import SmootMasking
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Curves along which pixels or values are replaced, against Quantus and against the definition in PyTorch.
@Suite(.serialized) struct PerturbationCurveTests {
  @Test(arguments: MeasureCase.names)
  func computesTheReferencesLogits(_ name: String) throws {
    let test = try MeasureCase(name)
    expectClose(test.batch().logits, try test.golden.tensor("logits"), relative: 1e-5, "logits")
  }

  @Test(arguments: MeasureCase.names)
  func insertsAndDeletesAsRISEDoes(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    var measure = InsertionDeletion()
    measure.steps = name == "28x28x1" ? 28 : 16
    let found = try measure.measure(
      Explanation(maps: try test.pixels("maps"), of: batch), of: batch)
    for curve in ["insertion", "deletion"] {
      let curves = try #require(found.curves[curve])
      expectScores(curves.values.flatMap(\.self), try test.golden.tensor(curve), curve)
      expectScores(
        try #require(found.scores[curve]), try test.golden.tensor(curve + "_auc"), curve)
      #expect(
        curves.places == .shares((0...measure.steps).map { Double($0) / Double(measure.steps) }))
    }
    let insertion = (found.scores["insertion"] ?? []).compactMap { $0 }
    let deletion = (found.scores["deletion"] ?? []).compactMap { $0 }
    #expect(found.scores["insertion-minus-deletion"] == zip(insertion, deletion).map { $0 - $1 })
    #expect(measure.cost(for: test.size).forwardPasses == 2 * measure.steps)
  }

  @Test(arguments: MeasureCase.names)
  func flipsPixelsAsQuantusDoes(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    var measure = PixelFlipping()
    measure.steps = name == "28x28x1" ? 28 : 24
    let found = try measure.measure(
      Explanation(maps: try test.golden.tensor("values"), of: batch), of: batch)
    let curves = try #require(found.curves["score"])
    expectScores(curves.values.flatMap(\.self), try test.golden.tensor("pixel_flipping"), "curve")
    let areas = try #require(found.scores["pixel-flipping"])
    expectScores(
      areas.map { $0.map { $0 * Double(measure.steps - 1) } },
      try test.golden.tensor("pixel_flipping_auc"), "area")
    // With the clean image in front there is one point more, and the others stay.
    measure.hasClean = true
    let more = try measure.measure(
      Explanation(maps: try test.golden.tensor("values"), of: batch), of: batch)
    let longer = try #require(more.curves["score"])
    #expect(longer.values.map { Array($0.dropFirst()) } == curves.values)
    let probabilities = batch.logits.softmaxOfRows.scalars
    #expect(
      longer.values.map { $0[0] }
        == test.targets.enumerated().map { Double(probabilities[$0.offset * 10 + Int($0.element)]) }
    )
  }

  @Test(arguments: MeasureCase.names)
  func dropsAccuracyForAnyMap(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    let measure = AccuracyDropMeasure()
    let found = try measure.measure(
      Explanation(maps: try test.pixels("maps"), of: batch), of: batch)
    let right = try test.golden.tensor("accuracy_drop")
    let curves = try #require(found.curves["accuracy"])
    #expect(curves.values.flatMap(\.self) == right.scalars.map { Double($0) * 100 })
    // Some images must be right at some shares and wrong at others for this to mean anything.
    #expect(Set(right.scalars).count == 2)
    let areas = right.scalars.chunked(10).map { row in
      zip(row, row.dropFirst()).reduce(0.0) { $0 + 5 * Double($1.0 + $1.1) }
    }
    expectScores(
      try #require(found.scores["accuracy-drop"]),
      Tensor(areas.map { Float($0) }, shape: [areas.count]), tolerance: 1e-6)
  }

  /// Three pixels a step of ten: the last step has one, and counts by its width.
  @Test func weighsAShortLastStepByItsWidth() throws {
    let model = LinearModel([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    let batch = model.batch([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]])
    var measure = InsertionDeletion()
    measure.steps = 4
    measure.score = .logit
    measure.insertion = .zero
    let maps = Tensor([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], shape: [1, 10])
    let found = try measure.measure(Explanation(maps: maps, of: batch), of: batch)
    #expect(found.curves["deletion"]?.places == .shares([0, 0.3, 0.6, 0.9, 1]))
    // Weights left: 55, 28, 10, 1, 0; inserted: 0, 27, 45, 54, 55.
    #expect(found.curves["deletion"]?.values == [[55, 28, 10, 1, 0]])
    #expect(found.curves["insertion"]?.values == [[0, 27, 45, 54, 55]])
    let deletion = 0.3 * (83.0 / 2 + 38.0 / 2 + 11.0 / 2) + 0.1 * 0.5
    #expect(abs((found.scores["deletion"]?[0] ?? 0) - deletion) < 1e-12)
  }

  @Test(arguments: MeasureCase.names)
  func blursAsSciPyDoes(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    var measure = InsertionDeletion()
    // The start of the insertion curve is the blurred image: compared through the network above, here through a network that reads single pixels.
    measure.steps = 1
    measure.score = .logit
    let blurred = try test.golden.tensor("blurred")
    for pixel in [0, test.size.width + 1, test.size.pixels / 2 + 7, test.size.pixels - 1] {
      let probe = PixelModel(size: test.size, pixel: pixel)
      let probed = EvaluationBatch(
        images: batch.images, labels: batch.labels.map { _ in 0 }, indices: batch.indices,
        model: probe)
      let found = try measure.measure(
        Explanation(maps: try test.pixels("maps"), of: probed), of: probed)
      let starts = try #require(found.curves["insertion"]).values.map { $0[0] }
      let values = test.size.channels * test.size.pixels
      expectScores(
        starts,
        Tensor(
          (0..<batch.count).map { blurred.scalars[$0 * values + pixel] }, shape: [batch.count]),
        tolerance: 1e-5)
    }
  }
}

extension Array {
  /// The elements in runs of a length.
  func chunked(_ length: Int) -> [[Element]] {
    stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min(count, $0 + length)]) }
  }
}
