import Foundation
import SmootAutodiff
import SmootDatasets
import SmootEvaluation
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Distorted images, by hand, and what is measured of them.
@Suite struct RobustnessTests {
  private let plain = Normalization(mean: [0], standardDeviation: [1])

  private func distorted(
    _ values: [Float], _ shape: Shape, _ distortion: Distortion,
    range: Distortion.Range = .clip, _ normalization: Normalization? = nil
  ) -> [Float] {
    distortion(
      Tensor(values, shape: shape), normalization ?? plain, range: range,
      keys: (0..<shape[0]).map { RandomKey(seed: 1).derived($0) }
    ).scalars
  }

  @Test func turnsCounterClockwise() {
    let image: [Float] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    let left: [Float] = [0.3, 0.6, 0.9, 0.2, 0.5, 0.8, 0.1, 0.4, 0.7]
    expectClose(distorted(image, [1, 1, 3, 3], Distortion(.rotation, 90)), left)
    expectClose(distorted(image, [1, 1, 3, 3], Distortion(.rotation, 180)), image.reversed())
    expectClose(distorted(image, [1, 1, 3, 3], Distortion(.rotation, -270)), left)
    #expect(Distortion(.rotation, 90).inside(height: 3, width: 3).allSatisfy { $0 })
    // A corner at a distance of sqrt(2) lies beyond the edge after an eighth of a turn.
    let eighth = Distortion(.rotation, 45)
    #expect(eighth.inside(height: 3, width: 3)[4])
    #expect(eighth.inside(height: 9, width: 9).count { !$0 } > 8)
    let white = distorted(
      [Float](repeating: 1, count: 81), [1, 1, 9, 9], eighth)
    #expect(white[0] == 0 && white[40] == 1)
  }

  @Test func stretchesAboutTheMiddle() {
    // Twice as wide: pixel 0 shows what lay at -1.5 / 2 + 1.5 = 0.75.
    let result = distorted([0.1, 0.2, 0.4, 0.8], [1, 1, 1, 4], Distortion(.stretch, 2))
    expectClose(result, [0.175, 0.25, 0.35, 0.5])
  }

  @Test func lowersContrastTowardsTheMean() {
    let result = distorted([0, 0.2, 0.4, 1], [1, 1, 2, 2], Distortion(.contrast, 0.5))
    expectClose(result, [0.2, 0.3, 0.4, 0.7])
    // The same in normalized units.
    let normal = Normalization(mean: [0.5, 0.25], standardDeviation: [0.5, 0.1])
    let units: [Float] = [-1, -0.6, 1.5, 7.5]
    let expected: [Float] = [(0.2 - 0.5) / 0.5, (0.3 - 0.5) / 0.5, (0.4 - 0.25) / 0.1, 4.5]
    expectClose(
      distorted(units, [1, 2, 1, 2], Distortion(.contrast, 0.5), normal), expected, relative: 1e-5)
  }

  @Test func shrinksOntoBlack() {
    let small = Distortion(.size, 0.5)
    let result = distorted([Float](repeating: 0.6, count: 16), [1, 1, 4, 4], small)
    expectClose(result, [0, 0, 0, 0, 0, 0.6, 0.6, 0, 0, 0.6, 0.6, 0, 0, 0, 0, 0])
    #expect(
      small.inside(height: 4, width: 4).enumerated().filter(\.element).map(\.offset) == [
        5, 6, 9, 10,
      ])
  }

  @Test func addsNoiseOfTheVariance() {
    let grey = [Float](repeating: 0.5, count: 40000)
    let low = distorted(grey, [4, 1, 100, 100], Distortion(.noise, 0.0025))
    let variance = low.reduce(0.0) { $0 + Double(($1 - 0.5) * ($1 - 0.5)) } / 40000
    #expect(abs(variance - 0.0025) < 1e-4)
    // The same draws at every variance.
    let double = distorted(grey, [4, 1, 100, 100], Distortion(.noise, 0.01))
    expectClose(double.map { $0 - 0.5 }, low.map { 2 * ($0 - 0.5) }, relative: 1e-3)
    let strong = distorted(grey, [4, 1, 100, 100], Distortion(.noise, 2))
    #expect(strong.allSatisfy { $0 >= 0 && $0 <= 1 } && strong.contains(0) && strong.contains(1))
    let rescaled = distorted(grey, [4, 1, 100, 100], Distortion(.noise, 2), range: .rescale)
    #expect(rescaled.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(rescaled[0..<10000].count { $0 == 0 || $0 == 1 } == 2)
    #expect(rescaled[0..<100] != rescaled[10000..<10100])
  }

  @Test func leavesImagesAlone() {
    let image = formula([2, 1, 5, 5], 0.2).scalars
    for kind in Distortion.Kind.allCases {
      let none = Distortion(kind, Distortion.identity(kind))
      #expect(none.isIdentity && none.isPossible)
      #expect(distorted(image, [2, 1, 5, 5], none) == image)
    }
    for impossible in [
      Distortion(.noise, -1), Distortion(.stretch, 0.5), Distortion(.contrast, 2),
      Distortion(.size, 0), Distortion(.rotation, .nan),
    ] { #expect(!impossible.isPossible) }
  }

  @Test func measuresConfidenceAccuracyAndAgreement() throws {
    // Class 0 has the score of pixel 4, class 1 none.
    let size = ImageSize(channels: 1, height: 3, width: 3)
    let model = PixelModel(size: size, pixel: 1)
    let images = Tensor(
      [0, 1, 0, 0, 0, 0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 0.9, 0.7, 0.5, 0.3],
      shape: [2, 1, 3, 3])
    let batch = LabeledBatch(images: images, labels: [0, 1], indices: [5, 6])
    let robustness = Robustness()
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let clean = try robustness.measure(
      Distortion(.rotation, 0), on: batch, model: model, normalization: plain, maps: images
    ) { images, _, _ in images }
    #expect(clean.indices == [5, 6])
    let confidence = try #require(clean.scores["confidence"])
    #expect(abs(try #require(confidence[0]) - sigmoid(1)) < 1e-6)
    #expect(abs(try #require(confidence[1]) - (1 - sigmoid(0.4))) < 1e-6)
    #expect(clean.scores["accuracy"] == [100, 0])
    #expect(clean.scores["agreement"] == [1, 1])
    // The map of the turned image is the turned image, and that of a network that sees the same everywhere is not.
    let turned = Distortion(.rotation, 90)
    let moved = try robustness.measure(
      turned, on: batch, model: model, normalization: plain, maps: images
    ) { images, _, _ in images }
    for value in try #require(moved.scores["agreement"]) { #expect(abs((value ?? 0) - 1) < 1e-9) }
    // Where the first looks now, there is nothing for either class, and the first class wins.
    #expect(moved.scores["accuracy"] == [100, 0])
    #expect(moved.scores["confidence"]?[0] == 0.5)
    let fixed = try robustness.measure(
      turned, on: batch, model: model, normalization: plain, maps: images
    ) { _, _, _ in images }
    #expect((fixed.scores["agreement"]?[1] ?? 1) < 0.9)
    // Without maps there is nothing to agree, and of some maps only for those images.
    let none = try robustness.measure(turned, on: batch, model: model, normalization: plain)
    #expect(none.scores["agreement"] == [nil, nil])
    let some = try robustness.measure(
      turned, on: batch, model: model, normalization: plain, maps: images.sliced(axis: 0, 0..<1)
    ) { images, labels, indices in
      #expect(labels == [0] && indices == [5])
      return images
    }
    #expect(some.scores["agreement"]?[0] != nil && some.scores["agreement"]?[1] == nil)
  }

  @Test func averagesDrawsOfNoise() throws {
    let size = ImageSize(channels: 1, height: 3, width: 3)
    let model = PixelModel(size: size, pixel: 1)
    let batch = LabeledBatch(
      images: Tensor(repeating: 0.5, shape: [1, 1, 3, 3]), labels: [0], indices: [2])
    func confidence(_ robustness: Robustness) throws -> Double {
      let scores = try robustness.measure(
        Distortion(.noise, 0.05), on: batch, model: model, normalization: plain)
      return try #require(scores.scores["confidence"]?[0])
    }
    let all = try confidence(Robustness(draws: 3))
    let single = (0..<3).map { draw in
      let images = Robustness().images(batch, Distortion(.noise, 0.05), plain, draw: draw)
      let logits = model.logits(Variable(images), .evaluation()).value
      return Double(logits.softmaxOfRows.scalars[0])
    }
    #expect(Set(single).count == 3)
    #expect(abs(all - single.reduce(0, +) / 3) < 1e-9)
  }
}
