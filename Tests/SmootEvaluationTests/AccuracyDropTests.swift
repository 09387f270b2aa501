import SmootAutodiff
import SmootDatasets
import SmootEvaluation
import SmootNN
import SmootTensor
import Testing

/// The curve on a linear model, whose saliency and predictions are worked out by hand.
@Suite struct AccuracyDropTests {
  /// logits = (w .
  ///
  /// x, 0): class 0 where the weighted sum is positive.
  private struct LinearModel: Classifier {
    let weight: Parameter
    let inputSize = ImageSize(channels: 1, height: 2, width: 5)
    let classCount = 2
    var parameters: [Parameter] { [weight] }
    func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
    func logits(features: Variable, _ context: ForwardContext) -> Variable {
      features.reshaped(to: [features.shape[0], 10])
        .linear(context.variable(weight), bias: Variable(Tensor.zeros([2])))
    }
  }

  private let model = LinearModel(
    weight: Parameter(
      name: "w",
      value: Tensor(
        [10, 9, 8, 7, 6, 5, -4, 3, 2, 1] + [Float](repeating: 0, count: 10), shape: [2, 10])))

  // The first pixel is the corner: 0 in both. Image 1 needs its second pixel, image 2 has a bit of everything.
  private let dataset = ImageDataset(
    name: "tiny", split: "test", size: ImageSize(channels: 1, height: 2, width: 5),
    classNames: ["positive", "other"],
    normalization: Normalization(mean: [0], standardDeviation: [1]),
    pixels: [0, 255, 0, 0, 0, 0, 0, 0, 0, 0] + [0, 255, 255, 255, 255, 255, 0, 255, 255, 255],
    labels: [0, 0])

  private func options(_ change: (inout AccuracyDrop.Options) -> Void = { _ in })
    -> AccuracyDrop.Options
  {
    var options = AccuracyDrop.Options()
    options.percent = [0, 10, 20, 50, 90]
    change(&options)
    return options
  }

  @Test func removesTheMostSalientFirst() {
    // Order of |w|: pixels 0 to 5, then 6, 7, 8, 9. Image 1 has logit 0 once pixel 1 is gone; class 0 still wins the tie, so its weight on class 1 decides: none.
    let drop = AccuracyDrop(options: options())
    #expect(drop.hits(of: model, on: dataset, places: [0, 1]) == [2, 2, 2, 2, 2])
    // With a bias towards class 1 an image without evidence is lost.
    let biased = LinearModel(
      weight: Parameter(
        name: "w",
        value: Tensor(
          [10, 9, 8, 7, 6, 5, -4, 3, 2, 1] + [Float](repeating: 0.5, count: 10), shape: [2, 10])))
    let negative = ImageDataset(
      name: "tiny", split: "test", size: dataset.size, classNames: dataset.classNames,
      normalization: Normalization(mean: [0.5], standardDeviation: [0.5]),
      pixels: [0, 255, 0, 0, 0, 0, 0, 0, 0, 0] + [0, 255, 255, 255, 255, 255, 0, 255, 255, 255],
      labels: [0, 0])
    // Pixels are -1 or 1 now. Image 1: w.x = 9 - 38 + ... is negative, so it is wrong from the beginning.
    let hits = drop.hits(of: biased, on: negative, places: [0, 1])
    #expect(hits == [1, 1, 1, 0, 0])
  }

  @Test func integratesByTrapezoids() {
    let drop = AccuracyDrop(options: options { $0.percent = [0, 10, 30] })
    #expect(abs(drop.area(under: [100, 50, 10]) - (7.5 + 6)) < 1e-12)
    let span = AccuracyDrop(
      options: options {
        $0.percent = [0, 10, 30]
        $0.isNormalized = true
      })
    #expect(abs(span.area(under: [100, 50, 10]) - 13.5 / 0.3) < 1e-12)
    let paper = AccuracyDrop(options: AccuracyDrop.Options())
    #expect(abs(paper.area(under: [Double](repeating: 100, count: 10)) - 90) < 1e-9)
  }

  @Test func drawsRandomOrdersFromTheSeed() {
    func curve(_ seed: UInt64) -> [Int] {
      let drop = AccuracyDrop(
        options: options {
          $0.order = .random
          $0.seed = seed
          $0.percent = Array(stride(from: 0, through: 90, by: 10))
        })
      return drop.hits(of: model, on: dataset, places: [0, 1])
    }
    #expect(curve(1) == curve(1))
  }
}
