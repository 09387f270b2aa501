import SmootTensor

/// What follows a batch normalization and is computed together with it.
public enum NormalizationEpilogue {
  /// Nothing.
  case none
  /// ReLU.
  case relu
  /// The sum with other images of the same shape, and then ReLU: the end of a residual block.
  case addThenReLU(Variable)
}

/// A batch normalization, perhaps a sum with other images, and a ReLU, in one pass over memory; nothing in between is kept.
struct BatchNormalizationReLU: Operation {
  var name: String { sum == nil ? "batch norm, relu" : "batch norm, add, relu" }
  let normalization: BatchNormalization
  let shift: Tensor
  /// The output, where something was added; else the input tells where the ReLU is open.
  let sum: Tensor?

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    guard let sum else {
      return normalization.backward(gradient, needs: needs, rectifiedWith: shift)
    }
    return normalization.backward(gradient, needs: needs, rectifiedTo: sum)
  }
}
