import SmootAttribution
import SmootAutodiff
import SmootEvaluation
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// ROAD, changes in confidence, infidelity, sensitivity and completeness against Quantus, pytorch-grad-cam and Captum.
@Suite(.serialized) struct FaithfulnessTests {
  @Test(arguments: MeasureCase.names)
  func removesAndDebiasesAsOthersDo(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    let explanation = try Explanation(maps: try test.pixels("maps"), of: batch)
    var measure = ROAD()
    measure.percent = [10, 30, 50, 70, 90]
    measure.noise = 0
    measure.rounding = .percentile
    let found = try measure.measure(explanation, of: batch)
    let (most, least) = (try test.golden.tensor("road_most"), try test.golden.tensor("road_least"))
    expectScores(
      try #require(found.curves["most relevant first"]).values.flatMap(\.self), most, "most")
    expectScores(
      try #require(found.curves["least relevant first"]).values.flatMap(\.self), least, "least")
    let combined = zip(least.scalars.chunked(5), most.scalars.chunked(5)).map { least, most in
      (least.reduce(0, +) - most.reduce(0, +)) / 10
    }
    expectScores(
      try #require(found.scores["road"]), Tensor(combined, shape: [batch.count]), "combined")
    guard test.size.channels == 1 else { return }
    measure.rounding = .floor
    measure.score = .accuracy
    let accuracy = try measure.measure(explanation, of: batch)
    let expected = try test.golden.tensor("road_accuracy")
    #expect(
      try #require(accuracy.curves["most relevant first"]).values.flatMap(\.self)
        == expected.scalars.map(Double.init))
    #expect(Set(expected.scalars).count == 2)
  }

  @Test func countsPixelsAsItsModelsDo() {
    // 784 pixels: NumPy's percentile 30 lies between the 234th and 235th of the sorted values (783 x 0.3 = 234.9), so 235 stay.
    #expect(ROAD.Rounding.percentile.count(70, of: 784) == 784 - 235)
    #expect(ROAD.Rounding.floor.count(70, of: 784) == 548)
    // 101 pixels: percentile 30 is the value of rank 30 itself, and 30 lie below it.
    #expect(ROAD.Rounding.percentile.count(70, of: 101) == 71)
  }

  @Test(arguments: MeasureCase.names)
  func comparesConfidencesAsGradCAMDoes(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    let explanation = try Explanation(maps: try test.pixels("cams"), of: batch)
    var measure = ConfidenceChange()
    measure.scaling = .none
    measure.isRelative = false
    let absolute = try measure.measure(explanation, of: batch)
    expectScores(try #require(absolute.scores["average-drop"]), try test.golden.tensor("drop"))
    expectScores(
      try #require(absolute.scores["increase-in-confidence"]), try test.golden.tensor("increase"))
    // The relative drop, with the scaling that makes these maps of the raw ones.
    measure = ConfidenceChange()
    measure.values = .signed
    let relative = try measure.measure(
      Explanation(maps: try test.pixels("maps"), of: batch), of: batch)
    expectScores(
      try #require(relative.scores["average-drop"]), try test.golden.tensor("relative_drop"))
  }

  @Test(arguments: MeasureCase.names)
  func findsCaptumsInfidelity(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    let maps = try test.golden.tensor("values") * (1 / 16)
    let explanation = try Explanation(maps: maps, of: batch)
    let values = test.size.channels * test.size.pixels
    let noise = try test.golden.tensor("noise").scalars
    var measure = Infidelity()
    measure.samples = 4
    measure.replayed = { index, sample in
      let start = (index * 4 + sample) * values
      return Array(noise[start..<start + values])
    }
    let plain = try measure.measure(explanation, of: batch)
    expectScores(try #require(plain.scores["infidelity"]), try test.golden.tensor("infidelity"))
    measure.isNormalized = true
    let scaled = try measure.measure(explanation, of: batch)
    expectScores(
      try #require(scaled.scores["infidelity"]), try test.golden.tensor("infidelity_normalized"))
  }

  @Test(arguments: MeasureCase.names)
  func findsQuantusInfidelity(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    let maps = try test.golden.tensor("values") * (1 / 16)
    var measure = Infidelity()
    measure.perturbation = .blocks
    measure.side = name == "28x28x1" ? 7 : 8
    measure.baseline = .minimum
    let found = try measure.measure(Explanation(maps: maps, of: batch), of: batch)
    expectScores(
      try #require(found.scores["infidelity"]), try test.golden.tensor("infidelity_blocks"))
    #expect(measure.cost(for: test.size).forwardPasses == 16)
  }

  /// On a linear model the gradient predicts every change, so its infidelity is 0; a map that is off by d has the mean of (I · d)^2.
  @Test(arguments: Infidelity.Perturbation.allCases)
  func knowsAPerfectMap(_ perturbation: Infidelity.Perturbation) throws {
    let weights: [Float] = [1, -2, 3, 0.5, 2, -1, 1, 4, -3, 2, 0, 1, 1, 2, 3, 4]
    let model = LinearModel(weights, size: ImageSize(channels: 1, height: 4, width: 4))
    let batch = model.batch([(0..<16).map { Float($0) / 4 - 1 }, (0..<16).map { Float($0 % 5) }])
    var measure = Infidelity()
    measure.perturbation = perturbation
    measure.side = 2
    let maps = Tensor(weights + weights, shape: [2, 16])
    let perfect = try measure.measure(Explanation(maps: maps, of: batch), of: batch)
    for score in perfect.scores["infidelity"] ?? [nil] {
      #expect((score ?? 1) < 1e-9)
    }
    let wrong = try measure.measure(
      Explanation(maps: maps * 1.5, of: batch), of: batch)
    for score in wrong.scores["infidelity"] ?? [nil] {
      #expect((score ?? 0) > 1e-3)
    }
    measure.isNormalized = true
    let scaled = try measure.measure(
      Explanation(maps: maps * 1.5, of: batch), of: batch)
    for score in scaled.scores["infidelity"] ?? [nil] {
      #expect((score ?? 1) < 1e-9)
    }
  }

  /// Blocks of 2 x 2 pixels in a row of a 2 x 4 image, removed one after the other.
  @Test func removesBlocksOneAfterTheOther() throws {
    let model = LinearModel(
      [1, 2, 3, 4, 5, 6, 7, 8], size: ImageSize(channels: 1, height: 2, width: 4))
    let batch = model.batch([[1, 1, 1, 1, 1, 1, 1, 1]])
    var measure = Infidelity()
    measure.perturbation = .blocks
    measure.side = 2
    // The map is 0: what is left is the mean square of the changes, 14 and 36: (196 + 1296) / 2.
    let found = try measure.measure(
      Explanation(maps: .zeros([1, 8]), of: batch), of: batch)
    #expect(found.scores["infidelity"] == [746])
  }

  @Test(arguments: MeasureCase.names)
  func findsTheGreatestSensitivity(_ name: String) throws {
    let test = try MeasureCase(name)
    let values = test.size.channels * test.size.pixels
    let noise = try test.golden.tensor("noise").scalars
    var measure = MaxSensitivity()
    measure.samples = 4
    measure.replayed = { index, sample in
      let start = (index * 4 + sample) * values
      return noise[start..<start + values].map { 0.1 * $0 }
    }
    for rows in [3, 64] {
      let batch = test.batch(rowsPerPass: rows)
      let maps = MeasureCase.gradient(batch.images, batch.targets, batch.indices, batch.model)
      let found = try measure.measure(
        Explanation(maps: maps, of: batch, explainer: MeasureCase.gradient), of: batch)
      expectScores(
        try #require(found.scores["max-sensitivity"]), try test.golden.tensor("max_sensitivity"),
        tolerance: 2e-5)
    }
  }

  /// The gradient of a linear model does not change; one that is 0 counts as of length 1.
  @Test func knowsAMapThatDoesNotChange() throws {
    let model = LinearModel([1, 2, 3, 4])
    let batch = model.batch([[1, 0, 1, 0]])
    let steady: Explainer = { _, targets, _, _ in
      Tensor(targets.flatMap { _ in [Float(1), 2, 3, 4] }, shape: [targets.count, 4])
    }
    let maps = Tensor([1, 2, 3, 4], shape: [1, 4])
    let found = try MaxSensitivity().measure(
      Explanation(maps: maps, of: batch, explainer: steady), of: batch)
    #expect(found.scores["max-sensitivity"] == [0])
    let blank = try MaxSensitivity().measure(
      Explanation(maps: .zeros([1, 4]), of: batch, explainer: steady), of: batch)
    #expect(abs((blank.scores["max-sensitivity"]?[0] ?? 0) - 30.0.squareRoot()) < 1e-12)
    #expect(throws: MeasureError.self) {
      _ = try MaxSensitivity().measure(Explanation(maps: maps, of: batch), of: batch)
    }
  }

  @Test(arguments: MeasureCase.names)
  func findsCaptumsConvergenceDelta(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    let maps = try test.golden.tensor("values") * (1 / 16)
    let found = try CompletenessError().measure(
      Explanation(maps: maps, of: batch), of: batch)
    let delta = try test.golden.tensor("convergence_delta")
    expectScores(try #require(found.scores["completeness-error"]), delta.mapped { abs($0) })
  }

  /// w · x explains w · x completely; the relative gap of half of it is a half, and nothing to explain has none.
  @Test func knowsACompleteMap() throws {
    let model = LinearModel([1, 2, 3, 4])
    let batch = model.batch([[1, 1, 1, 1], [2, 0, 1, 0], [0, 0, 0, 0]])
    let maps = Tensor([1, 2, 3, 4, 1, 0, 1.5, 0, 0, 0, 1, 0], shape: [3, 4])
    let found = try CompletenessError().measure(
      Explanation(maps: maps, of: batch), of: batch)
    #expect(found.scores["completeness-error"] == [0, 2.5, 1])
    #expect(found.scores["relative-completeness-error"] == [0, 0.5, nil])
  }
}
