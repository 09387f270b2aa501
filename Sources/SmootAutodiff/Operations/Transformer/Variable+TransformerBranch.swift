public import SmootTensor

/// What a branch of a transformer block learns.
public struct BranchParameters {
  /// The scale of the layer normalization, [width].
  public let scale: Variable
  /// The shift of the layer normalization, [width].
  public let shift: Variable
  /// What the layer normalization adds to the variance.
  public let epsilon: Float
  /// The weight of the map that reads the normalized rows, [inner outputs, width].
  public let inner: Variable
  /// The bias of that map, [inner outputs].
  public let innerBias: Variable
  /// The weight of the branch's last map, [outputs, outer inputs].
  public let outer: Variable
  /// The bias of the last map, [outputs].
  public let outerBias: Variable

  /// Makes the parameters of a branch.
  public init(
    scale: Variable, shift: Variable, epsilon: Float, inner: Variable, innerBias: Variable,
    outer: Variable, outerBias: Variable
  ) {
    (self.scale, self.shift, self.epsilon) = (scale, shift, epsilon)
    (self.inner, self.innerBias) = (inner, innerBias)
    (self.outer, self.outerBias) = (outer, outerBias)
  }

  /// All of them, in the order of the gradients.
  var variables: [Variable] { [scale, shift, inner, innerBias, outer, outerBias] }
}

extension Variable {
  /// The first branch of a transformer block: layer normalization, the map to queries, keys and values, attention among the tokens of each image, and the map of what it gives; one
  /// operation, which is computed image by image.
  ///
  /// Equals ``layerNorm(scale:shift:epsilon:)``, ``linear(_:bias:_:)``, ``attention(tokens:heads:_:)`` and ``linear(_:bias:_:)`` one after the other.
  ///
  /// - Parameters:
  ///   - parameters: what the branch learns; the inner map gives 3 x heads x head width numbers, which the outer one reads.
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - heads: how many parts of equal width queries, keys and values have.
  ///   - count: how many of the first tokens of each image are wanted; all, when left out.
  ///   - addsInput: whether this is added to the result.
  ///   - precision: of the products, which are computed in 32 bits where an extent is odd; the softmax always is.
  /// - Returns: [images x count, outputs].
  /// - Precondition: this is [images x tokens, width], and the parameters fit.
  public func attentionBranch(
    _ parameters: BranchParameters, tokens: Int, heads: Int, first count: Int? = nil,
    addsInput: Bool, _ precision: Precision = .float32
  ) -> Variable {
    let row = parameters.inner.shape[0]
    let count = count ?? tokens
    precondition(
      tokens > 0 && heads > 0 && shape[0].isMultiple(of: tokens) && row.isMultiple(of: 3 * heads)
        && (1...tokens).contains(count),
      "\(shape[0]) rows with queries, keys and values of \(row) numbers are not images of \(tokens) tokens and \(heads) heads, of which \(count) tokens are wanted"
    )
    check(parameters, between: row / 3, addsInput)
    let layout = AttentionLayout(tokens: tokens, queries: count, heads: heads, row: row)
    let pieces = BranchPieces(rows: shape[0], length: tokens, kept: count)
    let isPaired = layout.width.isMultiple(of: 2)
    return branch(parameters, pieces, isPaired ? precision : .float32, addsInput) {
      AttentionMiddle<Float>(layout, room: $0)
    } _: {
      AttentionMiddle<UInt16>(layout, room: $0)
    }
  }

  /// The second branch of a transformer block: layer normalization, a map to a hidden layer, GELU, and another map; one operation, which is computed some rows at a time.
  ///
  /// Equals ``layerNorm(scale:shift:epsilon:)``, ``linear(_:bias:_:)``, ``gelu()`` and ``linear(_:bias:_:)`` one after the other, except that in 16 bits the slopes of GELU are rounded.
  ///
  /// - Parameters:
  ///   - parameters: what the branch learns.
  ///   - addsInput: whether this is added to the result.
  ///   - precision: of the products, which are computed in 32 bits where an extent is odd.
  /// - Returns: [rows, outputs].
  /// - Precondition: this is [rows, width], and the parameters fit.
  public func perceptronBranch(
    _ parameters: BranchParameters, addsInput: Bool, _ precision: Precision = .float32
  ) -> Variable {
    let hidden = parameters.inner.shape[0]
    check(parameters, between: hidden, addsInput)
    // Rows whose hidden layer stays in the second-level cache, in whole tiles.
    let pieces = BranchPieces(rows: shape[0], length: 66, kept: 66)
    return branch(parameters, pieces, precision, addsInput) {
      PerceptronMiddle<Float>(width: hidden, room: $0)
    } _: {
      PerceptronMiddle<UInt16>(width: hidden, room: $0)
    }
  }

  private func branch<Exact: BranchMiddle, Rounded: BranchMiddle>(
    _ parameters: BranchParameters, _ pieces: BranchPieces, _ precision: Precision,
    _ addsInput: Bool,
    _ exact: ((parts: Int, rows: Int)) -> Exact,
    _ rounded: ((parts: Int, rows: Int)) -> Rounded
  ) -> Variable {
    let inputs = [self] + parameters.variables
    let isRecorded = inputs.contains { $0.tape != nil }
    let room = pieces.room(isShared: !isRecorded)
    func computed<Middle: BranchMiddle>(_ middle: Middle) -> Variable {
      let result = TransformerBranch.forward(
        value, parameters, middle, pieces, addsInput: addsInput, isRecorded: isRecorded)
      return Self.record(result.operation, inputs: inputs, output: result.output)
    }
    let extents = parameters.inner.shape.dimensions + parameters.outer.shape.dimensions
    let isPaired = extents.allSatisfy { $0.isMultiple(of: 2) }
    switch isPaired ? precision : .float32 {
    case .float32: return computed(exact(room))
    case .bfloat16: return computed(rounded(room))
    }
  }

  private func check(_ parameters: BranchParameters, between depth: Int, _ addsInput: Bool) {
    let (inner, outer) = (parameters.inner.shape, parameters.outer.shape)
    precondition(
      shape.rank == 2 && parameters.scale.shape == [shape[1]]
        && parameters.shift.shape == [shape[1]] && inner == [inner[0], shape[1]]
        && parameters.innerBias.shape == [inner[0]] && outer == [outer[0], depth]
        && parameters.outerBias.shape == [outer[0]] && (!addsInput || outer[0] == shape[1]),
      "rows of shape \(shape) do not fit maps of shapes \(inner) and \(outer)")
  }
}
