import Foundation
import SmootAttribution
import SmootAutodiff
import SmootEvaluation
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// The images, maps and network that the reference numbers of `make_faithfulness_goldens.py` were made with.
struct MeasureCase {
  static let names = ["28x28x1", "32x32x3"]

  let golden: GoldenFile
  let size: ImageSize
  let model: PaperCNN
  let images: Tensor
  let targets: [Int32]

  init(_ name: String) throws {
    golden = try GoldenFile(Bundle.module.bundlePath, "measures_\(name)")
    images = try golden.tensor("images")
    size = ImageSize(channels: images.shape[1], height: images.shape[2], width: images.shape[3])
    targets = try golden.tensor("targets").scalars.map { Int32($0) }
    model = Self.network(size)
  }

  /// The network with the formula's weights.
  static func network(_ size: ImageSize, phase: Double = 0) -> PaperCNN {
    let model = PaperCNN(inputSize: size, classCount: 10, random: RandomKey(seed: 1))
    for (index, parameter) in model.parameters.enumerated() {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let fan = shape.rank > 1 ? shape.dimensions.dropFirst().reduce(1, *) : 625
      let inFile = scrambled(
        shape, phase + 0.1 * Double(index), 2.5 / Double(fan).squareRoot())
      parameter.value = parameter.layout.fromFile(inFile)
    }
    return model
  }

  /// The whole batch, or some of its images.
  func batch(
    _ range: Range<Int>? = nil, objects: Tensor? = nil, rowsPerPass: Int? = nil
  ) -> EvaluationBatch {
    let range = range ?? 0..<targets.count
    return EvaluationBatch(
      images: images.sliced(axis: 0, range), labels: Array(targets[range]),
      indices: Array(range), model: model, objects: objects?.sliced(axis: 0, range),
      rowsPerPass: rowsPerPass)
  }

  /// The gradient of the logit.
  static func gradient(
    _ images: Tensor, _ targets: [Int32], _ indices: [Int], _ model: any Classifier
  ) -> Tensor {
    InputGradient(score: .logit)(images, labels: targets, model: model).gradients
  }

  /// Maps of pixels from the file, [batch, height, width] there.
  func pixels(_ name: String) throws -> Tensor {
    try golden.tensor(name).reshaped(to: [targets.count, size.pixels])
  }
}

/// Expects numbers to equal reference numbers.
func expectScores(
  _ scores: [Double?], _ expected: Tensor, tolerance: Double = 2e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let wanted = expected.scalars.map(Double.init)
  guard scores.count == wanted.count else {
    Issue.record(
      "\(what): \(scores.count) numbers, expected \(wanted.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (found, wanted)) in zip(scores, wanted).enumerated() {
    guard let found, abs(found - wanted) <= tolerance * max(1, abs(wanted)) else {
      Issue.record(
        "\(what): number \(index) is \(String(describing: found)), expected \(wanted)",
        sourceLocation: sourceLocation)
      return
    }
  }
}
