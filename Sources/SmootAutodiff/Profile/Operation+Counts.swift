import CSmootKernels
import SmootTensor

extension LinearMap: CountedOperation {
  var multiplyAdds: Int { input.shape[0] * weight.count }
}

extension LinearGELU: CountedOperation {
  var multiplyAdds: Int { map.multiplyAdds }
}

extension RoundedPerceptron: CountedOperation {
  var multiplyAdds: Int { input.shape[0] * (firstWeight.count + secondWeight.count) }

  /// The gradient of the hidden layer leads to all others but that of the second weight.
  func backwardMultiplyAdds(needs: [Bool]) -> Int {
    let (first, second) = (firstWeight.count, secondWeight.count)
    return input.shape[0]
      * ((needs[0] || needs[1] || needs[2] ? second : 0) + (needs[0] ? first : 0)
        + (needs[1] ? first : 0) + (needs[3] ? second : 0))
  }
}

extension Convolution: CountedOperation {
  var multiplyAdds: Int { input.shape[0] * shape.outputCount * shape.taps }
}

extension NormalizedConvolution: CountedOperation {
  var multiplyAdds: Int { convolution.multiplyAdds }

  /// Only images have a gradient.
  func backwardMultiplyAdds(needs: [Bool]) -> Int { needs[0] ? multiplyAdds : 0 }
}

extension ConvolutionReLUMaxPool: CountedOperation {
  var multiplyAdds: Int { input.shape[0] * pooled.shape.outputCount * pooled.shape.taps }
}

extension StackedConvolutions: CountedOperation {
  var multiplyAdds: Int { first.multiplyAdds + ofSecond }
  private var ofSecond: Int { images.shape[0] * second.shape.outputCount * second.shape.taps }

  /// The gradient of the images between the two leads to those of the first convolution.
  func backwardMultiplyAdds(needs: [Bool]) -> Int {
    (needs[0] || needs[1] || needs[2] ? ofSecond : 0)
      + (needs[3] ? ofSecond : 0) + (needs[0] ? first.multiplyAdds : 0)
      + (needs[1] ? first.multiplyAdds : 0)
  }
}

extension MatrixProduct: CountedOperation {
  var multiplyAdds: Int { left.count * right.shape[right.shape.rank - 1] }
}

extension Attention: CountedOperation {
  /// Queries times keys, and weights times values.
  var multiplyAdds: Int { 2 * input.shape[0] * layout.tokens * layout.dimension }

  /// Both factors of both products have a gradient.
  func backwardMultiplyAdds(needs: [Bool]) -> Int { needs[0] ? 2 * multiplyAdds : 0 }
}

extension RoundedAttention: CountedOperation {
  private var attention: Int { 2 * input.shape[0] * layout.tokens * layout.dimension }

  var multiplyAdds: Int { input.shape[0] * weight.count + attention }

  func backwardMultiplyAdds(needs: [Bool]) -> Int {
    2 * attention + input.shape[0] * weight.count * ((needs[0] ? 1 : 0) + (needs[1] ? 1 : 0))
  }
}
