import SmootAutodiff
import SmootEvaluation
import SmootNN
import SmootTensor

/// logits = (w · x, 0): what can be worked out by hand.
struct LinearModel: Classifier {
  let weight: Parameter
  let inputSize: ImageSize
  let classCount = 2
  var parameters: [Parameter] { [weight] }

  init(_ weights: [Float], size: ImageSize? = nil) {
    inputSize = size ?? ImageSize(channels: 1, height: 1, width: weights.count)
    weight = Parameter(
      name: "linear.weight",
      value: Tensor(
        weights + [Float](repeating: 0, count: weights.count), shape: [2, weights.count]))
  }

  func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }

  func logits(features: Variable, _ context: ForwardContext) -> Variable {
    features.reshaped(to: [features.shape[0], inputSize.channels * inputSize.pixels])
      .linear(context.variable(weight), bias: Variable(Tensor.zeros([2])))
  }

  /// Images of class 0.
  func batch(
    _ images: [[Float]], labels: [Int32]? = nil, objects: Tensor? = nil
  ) -> EvaluationBatch {
    EvaluationBatch(
      images: Tensor(images.flatMap(\.self), shape: Shape([images.count] + inputSize.dimensions)),
      labels: labels ?? images.map { _ in 0 }, indices: Array(images.indices), model: self,
      objects: objects)
  }
}

/// logits = (the value of a pixel of the first channel, 0).
struct PixelModel: Classifier {
  let inputSize: ImageSize
  let pixel: Int
  let classCount = 2
  var parameters: [Parameter] { [] }

  init(size: ImageSize, pixel: Int) {
    inputSize = size
    self.pixel = pixel
  }

  func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }

  func logits(features: Variable, _ context: ForwardContext) -> Variable {
    let flat = features.reshaped(
      to: [features.shape[0], inputSize.channels * inputSize.pixels]
    ).sliced(axis: 1, pixel..<pixel + 1)
    return Variable.concatenated([flat, flat * 0], axis: 1)
  }
}
