import CSmootKernels
public import SmootTensor

/// Scaled dot-product attention among the tokens of each image, for several heads side by side.
///
/// Queries, keys and values are read where the linear map left them and the heads' results go where the next one reads them: nothing is permuted.
struct Attention: Operation {
  let name = "attention"
  /// [images x tokens, 3 x heads x width].
  let input: Tensor
  /// The softmax of each head, [images, heads, tokens, `smoot_attention_weight_stride`], zeros behind each row.
  private(set) var weights: Tensor
  let tokens: Int
  let heads: Int
  /// Of the products; the softmax is computed in 32 bits.
  let precision: Precision

  /// The numbers of one query.
  var width: Int { input.shape[1] / 3 / heads }
  private var images: Int { input.shape[0] / tokens }

  /// Attention with the weights yet to be computed.
  init(_ input: Tensor, tokens: Int, heads: Int, _ precision: Precision) {
    self.input = input
    self.tokens = tokens
    self.heads = heads
    // Pairs of neighbours are multiplied in 16 bits.
    self.precision = (input.shape[1] / 3 / heads).isMultiple(of: 2) ? precision : .float32
    weights = Tensor(
      uninitialized: [
        input.shape[0] / tokens, heads, tokens, smoot_attention_weight_stride(tokens),
      ]) { _ in }
  }

  /// Computes the weights and returns what they make of the values.
  mutating func forward() -> Tensor {
    let kernel =
      precision == .float32
      ? smoot_attention_forward_f32 : smoot_attention_forward_bfloat16
    var computed = weights
    let output = Tensor(uninitialized: [input.shape[0], input.shape[1] / 3]) { output in
      computed.withMutablePointer { weights in
        forEachHead { shape, input, place, scratch in
          _ = kernel(
            shape, input + place.query, input + place.key, input + place.value,
            weights + place.weights, output + place.result, scratch)
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
    let result = Tensor(uninitialized: input.shape) { result in
      withPointers(weights, gradient) { weights, gradient in
        forEachHead { shape, input, place, scratch in
          kernel(
            shape, input + place.query, input + place.key, input + place.value,
            weights + place.weights, gradient + place.result, result + place.query,
            result + place.key, result + place.value, scratch)
        }
      }
    }
    return [result]
  }

  /// Where the numbers of one head of one image begin.
  private struct Place {
    let query, key, value, weights, result: Int
  }

  /// Calls a function for each head of each image, images in parallel.
  private func forEachHead(
    _ body: (
      _ shape: UnsafePointer<smoot_attention_shape>, _ input: UnsafePointer<Float>, Place,
      _ scratch: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let dimension = heads * width
    let shape = smoot_attention_shape(
      tokens: tokens, width: width, stride: 3 * dimension, result_stride: dimension)
    let square = tokens * weights.shape[3]
    let shards = Shards(batch: images)
    let scratchCount = smoot_attention_scratch(tokens, width)
    var scratch = Tensor(uninitialized: [shards.count, scratchCount]) { _ in }
    withPointers(input) { input in
      scratch.withMutablePointer { scratch in
        parallelFor(shards.count) { shard in
          withUnsafePointer(to: shape) { shape in
            for image in shards[shard] {
              for head in 0..<heads {
                let query = image * tokens * 3 * dimension + head * width
                body(
                  shape, input,
                  Place(
                    query: query, key: query + dimension, value: query + 2 * dimension,
                    weights: (image * heads + head) * square,
                    result: image * tokens * dimension + head * width),
                  scratch + shard * scratchCount)
              }
            }
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
    var operation = Attention(value, tokens: tokens, heads: heads, precision)
    let output = operation.forward()
    return Self.record(operation, inputs: [self], output: output)
  }

  /// ``attention(tokens:heads:_:)`` as separate operations, so that the weights are on the tape.
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
    let (query, key, value) = (part(0), part(1), part(2))
    let scores = query.matrixProduct(key.permuted([0, 1, 3, 2])) * (1 / Float(width).squareRoot())
    return see(scores.softmax()).matrixProduct(value)  // [images, heads, tokens, width]
      .permuted([0, 2, 1, 3]).reshaped(to: [images * tokens, heads * width])
  }
}
