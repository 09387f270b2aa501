public import SmootTensor

/// Scaled dot-product attention among the tokens of each image, for several heads side by side.
///
/// Queries, keys and values are read where the linear map left them and the heads' results go where the next one reads them: nothing is permuted.
struct Attention: Operation {
  let name = "attention"
  /// [images x tokens, 3 x heads x width], or [images x tokens, heads x width] where it is shared; as products take it, while the softmax is computed in 32 bits.
  let input: Tensor
  /// What was left out at random.
  let mask: AttentionMask?
  let layout: AttentionLayout
  /// The softmax of each head, as ``AttentionLayout`` leaves it for each image.
  let weights: Tensor

  /// Computes the weights, and what they make of the values.
  static func forward(
    _ input: Tensor, _ layout: AttentionLayout, _ mask: AttentionMask?
  ) -> (operation: Attention, output: Tensor) {
    let (images, size) = (input.shape[0] / layout.tokens, layout.tokens * layout.dimension)
    var weights = Tensor(uninitialized: [images, layout.weightCount]) { _ in }
    let output = Tensor(uninitialized: [input.shape[0], layout.dimension]) { result in
      weights.withMutablePointer { weights in
        func attend<Number: TransformerNumber>(_ numbers: UnsafePointer<Number>) {
          forEachImage(images, layout, mask) { image, mask, scratch in
            layout.forward(
              numbers + image * layout.tokens * layout.row, mask,
              weights: weights + image * layout.weightCount, result: result + image * size,
              scratch: scratch)
          }
        }
        switch input.precision {
        case .float32: input.withNumbers { attend($0 as UnsafePointer<Float>) }
        case .bfloat16: input.withNumbers { attend($0 as UnsafePointer<UInt16>) }
        }
      }
    }
    return (Attention(input: input, mask: mask, layout: layout, weights: weights), output)
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (images, size) = (input.shape[0] / layout.tokens, layout.tokens * layout.dimension)
    let result = Tensor(uninitialized: input.shape) { result in
      withPointers(weights, gradient) { weights, upstream in
        func attend<Number: TransformerNumber>(_ numbers: UnsafePointer<Number>) {
          Self.forEachImage(images, layout, mask) { image, mask, scratch in
            let rows = image * layout.tokens * layout.row
            layout.backward(
              numbers + rows, mask, weights: weights + image * layout.weightCount,
              upstream: upstream + image * size, gradient: result + rows, scratch: scratch)
          }
        }
        switch input.precision {
        case .float32: input.withNumbers { attend($0 as UnsafePointer<Float>) }
        case .bfloat16: input.withNumbers { attend($0 as UnsafePointer<UInt16>) }
        }
      }
    }
    return [result]
  }

  /// Calls a function for each image, images in parallel, with what of the mask belongs to it and scratch memory.
  private static func forEachImage(
    _ images: Int, _ layout: AttentionLayout, _ mask: AttentionMask?,
    _ body: (Int, AttentionLayout.Mask?, UnsafeMutablePointer<Float>) -> Void
  ) {
    let shards = Shards(batch: images)
    withPointers(mask?.values ?? Tensor(0)) { values in
      parallelFor(shards.count) { shard in
        // The block that a thread gave back last is the one it gets, still in its cache.
        _ = Tensor(uninitialized: [layout.scratchCount]) { scratch in
          for image in shards[shard] {
            let place = image * layout.heads * layout.tokens * layout.tokens
            body(image, mask.map { ($0.kind, values + place) }, scratch)
          }
        }
      }
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
      AttentionLayout(tokens: tokens, heads: heads, row: shape[1]), nil,
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
      AttentionLayout(tokens: tokens, heads: 1, isShared: true, row: shape[1]), mask, precision)
  }

  private func attended(
    _ layout: AttentionLayout, _ mask: AttentionMask?, _ precision: Precision
  ) -> Variable {
    // Pairs of neighbours are multiplied in 16 bits.
    let precision = layout.width.isMultiple(of: 2) ? precision : .float32
    let result = Attention.forward(value.converted(to: precision), layout, mask)
    return Self.record(result.operation, inputs: [self], output: result.output)
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
