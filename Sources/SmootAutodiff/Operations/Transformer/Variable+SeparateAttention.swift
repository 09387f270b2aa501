import SmootTensor

/// Attention as separate operations, so that the weights are on the tape.
extension Variable {
  /// ``attention(tokens:heads:_:)`` as separate operations.
  ///
  /// - Parameters:
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - heads: how many parts of equal width queries, keys and values have.
  ///   - see: gets the weights [images, heads, tokens, tokens], each row a softmax, and returns those to go on with.
  /// - Returns: [images x tokens, heads x width].
  public func separateAttention(
    tokens: Int, heads: Int, weights see: (Variable) -> Variable
  ) -> Variable {
    let (images, width) = (shape[0] / tokens, shape[1] / 3 / heads)
    let parts = reshaped(to: [images, tokens, 3, heads, width]).permuted([2, 0, 3, 1, 4])
    func part(_ index: Int) -> Variable {
      parts.sliced(axis: 0, index..<index + 1).reshaped(to: [images, heads, tokens, width])
    }
    return Self.attended(part(0), part(1), part(2), nil, see)  // [images, heads, tokens, width]
      .permuted([0, 2, 1, 3]).reshaped(to: [images * tokens, heads * width])
  }

  /// ``selfAttention(tokens:mask:_:)`` as separate operations.
  ///
  /// - Parameters:
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - mask: what is left out at random; [images, 1, tokens, tokens].
  ///   - see: gets the weights [images, 1, tokens, tokens] before weights are dropped, and returns those to go on with.
  /// - Returns: [images x tokens, width].
  public func separateSelfAttention(
    tokens: Int, mask: AttentionMask? = nil, weights see: (Variable) -> Variable
  ) -> Variable {
    let input = reshaped(to: [shape[0] / tokens, 1, tokens, shape[1]])
    return Self.attended(input, input, input, mask, see).reshaped(to: shape)
  }

  /// Each [images, heads, tokens, width].
  private static func attended(
    _ query: Variable, _ key: Variable, _ value: Variable, _ mask: AttentionMask?,
    _ see: (Variable) -> Variable
  ) -> Variable {
    let scale = 1 / Float(query.shape[3]).squareRoot()
    var scores = query.matrixProduct(key.permuted([0, 1, 3, 2])) * scale
    if let mask, mask.kind == .keys { scores = scores + Variable(mask.values) }
    var weights = see(scores.softmax())
    if let mask, mask.kind == .weights { weights = weights * Variable(mask.values) }
    return weights.matrixProduct(value)
  }
}
