import CSmootKernels
public import SmootTensor

/// Scaled dot-product attention among the tokens of each image, for several heads side by side.
///
/// Queries, keys and values are read where the linear map left them and the heads' results go where the next one reads them: nothing is permuted.
struct Attention: Operation {
  /// How queries, keys and values lie in the rows of the input.
  struct Layout {
    let tokens: Int
    let heads: Int
    /// Whether a row is query, key and value at once; else it holds the three side by side.
    let isShared: Bool
    /// Numbers in a row of the input.
    let row: Int

    /// Numbers in a row of the result.
    var dimension: Int { isShared ? row : row / 3 }
    /// Numbers of a head.
    var width: Int { dimension / heads }
    /// How far a key lies behind its query, and a value behind its key.
    var offset: Int { isShared ? 0 : dimension }
  }

  let name = "attention"
  /// [images x tokens, 3 x heads x width], or [images x tokens, heads x width] where it is shared.
  let input: Tensor
  /// The softmax of each head, [images, heads, tokens, `smoot_attention_weight_stride`], zeros behind each row.
  private(set) var weights: Tensor
  /// What was left out at random.
  let mask: AttentionMask?
  let layout: Layout
  /// Of the products; the softmax is computed in 32 bits.
  let precision: Precision

  /// Attention with the weights yet to be computed.
  init(_ input: Tensor, _ layout: Layout, _ mask: AttentionMask?, _ precision: Precision) {
    self.input = input
    self.layout = layout
    self.mask = mask
    // Pairs of neighbours are multiplied in 16 bits.
    self.precision = layout.width.isMultiple(of: 2) ? precision : .float32
    let (tokens, stride) = (layout.tokens, smoot_attention_weight_stride(layout.tokens))
    weights = Tensor(
      uninitialized: [input.shape[0] / tokens, layout.heads, tokens, stride]) { _ in }
  }

  /// Computes the weights and returns what they make of the values.
  mutating func forward() -> Tensor {
    let kernel =
      precision == .float32
      ? smoot_attention_forward_f32 : smoot_attention_forward_bfloat16
    var computed = weights
    let output = Tensor(uninitialized: [input.shape[0], layout.dimension]) { output in
      computed.withMutablePointer { weights in
        forEachHead { shape, head, scratch in
          kernel(
            shape, head.query, head.key, head.value, head.mask, weights + head.weights,
            output + head.result, scratch)
        }
      }
    }
    weights = computed
    return output
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let kernel =
      precision == .float32
      ? smoot_attention_backward_f32 : smoot_attention_backward_bfloat16
    let offset = layout.offset
    let result = Tensor(uninitialized: input.shape) { result in
      withPointers(weights, gradient) { weights, gradient in
        forEachHead { shape, head, scratch in
          let query = result + head.input
          kernel(
            shape, head.query, head.key, head.value, head.mask, weights + head.weights,
            gradient + head.result, query, query + offset, query + 2 * offset, scratch)
        }
      }
    }
    return [result]
  }

  /// Where the numbers of one head of one image lie.
  private struct Head {
    let query, key, value: UnsafePointer<Float>
    let mask: UnsafePointer<Float>?
    /// Places in the input, the weights and the result.
    let input, weights, result: Int
  }

  /// Calls a function for each head of each image, images in parallel.
  private func forEachHead(
    _ body: (
      _ shape: UnsafePointer<smoot_attention_shape>, Head, _ scratch: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let (tokens, heads, width) = (layout.tokens, layout.heads, layout.width)
    let shape = smoot_attention_shape(
      tokens: tokens, width: width, stride: layout.row, result_stride: layout.dimension,
      is_shared: layout.isShared ? 1 : 0, masking: masking)
    let shards = Shards(batch: input.shape[0] / tokens)
    let scratchCount = smoot_attention_scratch(tokens, width)
    var scratch = Tensor(uninitialized: [shards.count, scratchCount]) { _ in }
    withPointers(input, mask?.values ?? input) { input, factors in
      scratch.withMutablePointer { scratch in
        parallelFor(shards.count) { shard in
          withUnsafePointer(to: shape) { shape in
            for image in shards[shard] {
              for head in 0..<heads {
                let place = image * tokens * layout.row + head * width
                let (query, number) = (input + place, image * heads + head)
                body(
                  shape,
                  Head(
                    query: query, key: query + layout.offset, value: query + 2 * layout.offset,
                    mask: mask == nil ? nil : factors + number * tokens * tokens, input: place,
                    weights: number * tokens * weights.shape[3],
                    result: image * tokens * layout.dimension + head * width),
                  scratch + shard * scratchCount)
              }
            }
          }
        }
      }
    }
  }

  private var masking: smoot_attention_masking {
    switch mask?.kind {
    case nil: SMOOT_ATTENTION_UNMASKED
    case .keys: SMOOT_ATTENTION_MASKED_SCORES
    case .weights: SMOOT_ATTENTION_MASKED_WEIGHTS
    }
  }
}

extension Variable {
  /// Attention among the tokens of each image: softmax(Q K^T / sqrt(width)) V for each head.
  ///
  /// Vaswani et al., Attention Is All You Need, 2017, equation 1.
  ///
  /// - Parameters:
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - heads: how many parts of equal width queries, keys and values have.
  ///   - precision: of the products, which are computed in 32 bits where a query has an odd number of elements; the softmax always is.
  /// - Returns: [images x tokens, heads x width].
  /// - Precondition: this is [images x tokens, 3 x heads x width]: queries of all heads, then keys, then values.
  public func attention(
    tokens: Int, heads: Int, _ precision: Precision = .float32
  ) -> Variable {
    precondition(
      shape.rank == 2 && tokens > 0 && heads > 0 && shape[0] % tokens == 0
        && shape[1] % (3 * heads) == 0,
      "rows of shape \(shape) are not queries, keys and values of \(heads) heads for images of \(tokens) tokens"
    )
    return attended(
      Attention.Layout(tokens: tokens, heads: heads, isShared: false, row: shape[1]), nil,
      precision)
  }

  /// Attention of one head among the tokens of each image, which are queries, keys and values as they are: softmax(X X^T / sqrt(width)) X.
  ///
  /// - Parameters:
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - mask: what is left out at random; [images, 1, tokens, tokens].
  ///   - precision: of the products, as in ``attention(tokens:heads:_:)``.
  /// - Returns: [images x tokens, width].
  /// - Precondition: this is [images x tokens, width].
  public func selfAttention(
    tokens: Int, mask: AttentionMask? = nil, _ precision: Precision = .float32
  ) -> Variable {
    checkTokens(tokens, mask)
    return attended(
      Attention.Layout(tokens: tokens, heads: 1, isShared: true, row: shape[1]), mask, precision)
  }

  private func attended(
    _ layout: Attention.Layout, _ mask: AttentionMask?, _ precision: Precision
  ) -> Variable {
    var operation = Attention(value, layout, mask, precision)
    let output = operation.forward()
    return Self.record(operation, inputs: [self], output: output)
  }

  private func checkTokens(_ tokens: Int, _ mask: AttentionMask?) {
    precondition(
      shape.rank == 2 && tokens > 0 && shape[0] % tokens == 0,
      "rows of shape \(shape) are not images of \(tokens) tokens")
    let wanted: Shape = [shape[0] / tokens, 1, tokens, tokens]
    precondition(
      (mask?.values.shape ?? wanted) == wanted,
      "a mask has shape \(mask?.values.shape ?? []), expected \(wanted)")
  }
}
