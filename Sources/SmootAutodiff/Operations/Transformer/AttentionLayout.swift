import CSmootKernels
import SmootTensor

/// How queries, keys and values of all heads lie in the rows of a matrix, and attention among the tokens of one image there.
struct AttentionLayout {
  let tokens: Int
  /// The first tokens, whose results are wanted.
  let queries: Int
  let heads: Int
  /// Whether a row is query, key and value at once; else it holds the three side by side.
  let isShared: Bool
  /// Numbers in a row.
  let row: Int

  init(tokens: Int, queries: Int? = nil, heads: Int, isShared: Bool = false, row: Int) {
    self.tokens = tokens
    self.queries = queries ?? tokens
    self.heads = heads
    self.isShared = isShared
    self.row = row
  }

  /// Numbers in a row of the result.
  var dimension: Int { isShared ? row : row / 3 }
  /// Numbers of a head.
  var width: Int { dimension / heads }
  /// How far a key lies behind its query, and a value behind its key.
  var offset: Int { isShared ? 0 : dimension }

  /// Floats of the softmax of an image: [heads, queries, `smoot_attention_weight_stride`], zeros behind each row.
  var weightCount: Int { heads * queries * smoot_attention_weight_stride(tokens) }
  /// Floats of scratch memory that a thread needs.
  var scratchCount: Int { smoot_attention_scratch(tokens, width) }

  /// The numbers of a mask for an image, and what it does with them.
  typealias Mask = (kind: AttentionMask.Kind, values: UnsafePointer<Float>)

  /// Attention of all heads of an image.
  ///
  /// - Parameters:
  ///   - numbers: the rows of the image.
  ///   - mask: what was left out.
  ///   - weights: get the weights.
  ///   - result: gets what they make of the values, in rows.
  ///   - scratch: memory for one thread.
  func forward<Number: TransformerNumber>(
    _ numbers: UnsafePointer<Number>, _ mask: Mask?, weights: UnsafeMutablePointer<Float>,
    result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    withKernelShape(mask) { shape in
      for head in 0..<heads {
        let query = numbers + head * width
        Number.attentionForward(
          shape, query, query + offset, query + 2 * offset, maskOf(head, mask),
          weights + head * weightCount / heads, result + head * width, scratch)
      }
    }
  }

  /// The gradient of ``forward(_:_:weights:result:scratch:)`` with respect to the rows.
  ///
  /// - Parameters:
  ///   - numbers: the rows of the image.
  ///   - mask: what was left out.
  ///   - weights: the weights.
  ///   - upstream: the gradient of the result.
  ///   - gradient: gets the gradient of the rows.
  ///   - scratch: memory for one thread.
  func backward<Number: TransformerNumber>(
    _ numbers: UnsafePointer<Number>, _ mask: Mask?, weights: UnsafePointer<Float>,
    upstream: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withKernelShape(mask) { shape in
      for head in 0..<heads {
        let (query, target) = (numbers + head * width, gradient + head * width)
        Number.attentionBackward(
          shape, query, query + offset, query + 2 * offset, maskOf(head, mask),
          weights + head * weightCount / heads, upstream + head * width, target, target + offset,
          target + 2 * offset, scratch)
      }
    }
  }

  private func maskOf(_ head: Int, _ mask: Mask?) -> UnsafePointer<Float>? {
    mask.map { $0.values + head * tokens * tokens }
  }

  private func withKernelShape(
    _ mask: Mask?, _ body: (UnsafePointer<smoot_attention_shape>) -> Void
  ) {
    let masking =
      switch mask?.kind {
      case nil: SMOOT_ATTENTION_UNMASKED
      case .keys: SMOOT_ATTENTION_MASKED_SCORES
      case .weights: SMOOT_ATTENTION_MASKED_WEIGHTS
      }
    let shape = smoot_attention_shape(
      tokens: tokens, queries: queries, width: width, stride: row, result_stride: dimension,
      is_shared: isShared ? 1 : 0, masking: masking)
    withUnsafePointer(to: shape, body)
  }
}
