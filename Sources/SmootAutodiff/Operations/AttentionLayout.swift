import CSmootKernels
import SmootTensor

/// How queries, keys and values of all heads lie in the rows of a matrix, and attention among the tokens of one image there.
struct AttentionLayout {
  let tokens: Int
  let heads: Int
  /// Whether a row is query, key and value at once; else it holds the three side by side.
  let isShared: Bool
  /// Numbers in a row.
  let row: Int

  /// Numbers in a row of the result.
  var dimension: Int { isShared ? row : row / 3 }
  /// Numbers of a head.
  var width: Int { dimension / heads }
  /// How far a key lies behind its query, and a value behind its key.
  var offset: Int { isShared ? 0 : dimension }

  /// Room for the softmax of each head, [images, heads, tokens, `smoot_attention_weight_stride`], zeros behind each row.
  func weights(images: Int) -> Tensor {
    Tensor(uninitialized: [images, heads, tokens, smoot_attention_weight_stride(tokens)]) { _ in }
  }

  /// The numbers of a mask, and what it does with them.
  typealias Mask = (kind: AttentionMask.Kind, values: UnsafePointer<Float>)

  /// Attention of all heads of an image.
  ///
  /// - Parameters:
  ///   - image: which image.
  ///   - numbers: the rows of all images.
  ///   - mask: what was left out, for all images.
  ///   - weights: get the weights, those of all images.
  ///   - result: gets what they make of the values, in rows of all images.
  ///   - scratch: memory for one thread.
  func forward<Number: AttentionNumber>(
    _ image: Int, _ numbers: UnsafePointer<Number>, _ mask: Mask?,
    weights: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withKernelShape(mask) { shape in
      for head in 0..<heads {
        let query = numbers + image * tokens * row + head * width
        Number.forward(
          shape, query, query + offset, query + 2 * offset, maskOf(image, head, mask),
          weights + place(image, head), result + image * tokens * dimension + head * width, scratch)
      }
    }
  }

  /// The gradient of ``forward(_:_:_:weights:result:scratch:)`` with respect to the rows of an image.
  ///
  /// - Parameters:
  ///   - image: which image.
  ///   - numbers: the rows of all images.
  ///   - mask: what was left out, for all images.
  ///   - weights: the weights of all images.
  ///   - upstream: the gradient of the result, in rows of all images.
  ///   - gradient: gets the gradient of the rows of this image.
  ///   - scratch: memory for one thread.
  func backward<Number: AttentionNumber>(
    _ image: Int, _ numbers: UnsafePointer<Number>, _ mask: Mask?, weights: UnsafePointer<Float>,
    upstream: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withKernelShape(mask) { shape in
      for head in 0..<heads {
        let query = numbers + image * tokens * row + head * width
        let target = gradient + head * width
        Number.backward(
          shape, query, query + offset, query + 2 * offset, maskOf(image, head, mask),
          weights + place(image, head), upstream + image * tokens * dimension + head * width,
          target, target + offset, target + 2 * offset, scratch)
      }
    }
  }

  /// Calls a function for each image, images in parallel.
  ///
  /// - Parameters:
  ///   - images: how many there are.
  ///   - room: floats that the function wants for itself.
  ///   - body: gets the number of an image, that room, and the scratch memory of the functions above.
  func forEachImage(
    _ images: Int, room: Int = 0,
    _ body: (
      _ image: Int, _ room: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let shards = Shards(batch: images)
    let count = (room + 15) / 16 * 16 + smoot_attention_scratch(tokens, width)
    parallelFor(shards.count) { shard in
      // The block that a thread gave back last is the one it gets, still in its cache.
      _ = Tensor(uninitialized: [count]) { memory in
        for image in shards[shard] { body(image, memory, memory + (room + 15) / 16 * 16) }
      }
    }
  }

  private func place(_ image: Int, _ head: Int) -> Int {
    (image * heads + head) * tokens * smoot_attention_weight_stride(tokens)
  }

  private func maskOf(_ image: Int, _ head: Int, _ mask: Mask?) -> UnsafePointer<Float>? {
    mask.map { $0.values + (image * heads + head) * tokens * tokens }
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
      tokens: tokens, width: width, stride: row, result_stride: dimension,
      is_shared: isShared ? 1 : 0, masking: masking)
    withUnsafePointer(to: shape, body)
  }
}
