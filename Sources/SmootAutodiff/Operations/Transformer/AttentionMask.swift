public import SmootTensor

/// What each token may not take from which others, drawn at random: a number for every pair of tokens.
public struct AttentionMask {
  /// Where attention is cut.
  public enum Kind: Sendable {
    /// Before the softmax: a dropped key gets no weight, and the others of its query share what there is. Where all keys of a query are dropped, they share equally.
    ///
    /// Li et al., DropKey for Vision Transformer, 2023. The scores of dropped keys get -1e12 added, as in public code, because minus infinity gives no number where all are dropped;
    /// the gradient is that of the softmax, which for such a query is not zero.
    case keys
    /// After the softmax: a dropped weight becomes zero, and the others are divided by 1 - rate (Srivastava et al., Dropout, 2014).
    case weights
  }

  /// Where attention is cut.
  public let kind: Kind
  /// What is added to scores, 0 or -1e12, or what weights are multiplied with, 0 or 1 / (1 - rate): [images, heads, tokens, tokens], queries in rows.
  package let values: Tensor

  /// Draws a mask.
  ///
  /// - Parameters:
  ///   - kind: where attention is cut.
  ///   - rate: the probability with which an entry is dropped, in [0, 1]; below 1 for weights.
  ///   - keys: where the random numbers of each image come from.
  ///   - heads: how many heads there are, each with draws of its own.
  ///   - tokens: how many tokens an image has.
  public init(_ kind: Kind, rate: Float, keys: [RandomKey], heads: Int, tokens: Int) {
    precondition(
      (0...1).contains(rate) && (kind == .keys || rate < 1),
      "attention cannot be dropped at a rate of \(rate)")
    let square = tokens * tokens
    let (dropped, kept): (Float, Float) = kind == .keys ? (-1e12, 0) : (0, 1 / (1 - rate))
    self.kind = kind
    values = Tensor(uninitialized: [keys.count, heads, tokens, tokens]) { target in
      parallelFor(keys.count * heads) { place in
        let target = target + place * square
        keys[place / heads].derived(place % heads).writeUniform(target, count: square)
        for index in 0..<square { target[index] = target[index] < rate ? dropped : kept }
      }
    }
  }

  /// A mask of given values, to replay those of another implementation.
  package init(_ kind: Kind, values: Tensor) {
    self.kind = kind
    self.values = values
  }
}
