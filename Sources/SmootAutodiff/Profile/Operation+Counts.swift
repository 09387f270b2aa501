import CSmootKernels
import SmootTensor

extension LinearMap: CountedOperation {
  var multiplyAdds: Int { input.shape[0] * weight.count }
}

extension TransformerBranch: CountedOperation {
  private var ofInner: Int { pieces.rows * inner.count }
  private var ofOuter: Int { pieces.keptRows * outer.count }

  var multiplyAdds: Int { ofInner + ofOuter + pieces.count * middle.multiplyAdds }

  /// The gradient of what the outer map reads leads to all others but that of its weight; each product between the maps has two factors.
  func backwardMultiplyAdds(needs: [Bool]) -> Int {
    let goesIn = needs[0...4].contains(true)
    return (goesIn ? ofOuter + 2 * pieces.count * middle.multiplyAdds : 0)
      + (needs[0...2].contains(true) ? ofInner : 0) + (needs[3] ? ofInner : 0)
      + (needs[5] ? ofOuter : 0)
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
