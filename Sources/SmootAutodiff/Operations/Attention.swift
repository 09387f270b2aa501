import CSmootKernels
import SmootTensor

/// Scaled dot-product attention among the tokens of each image, for several heads side by side.
///
/// Queries, keys and values are read where the linear map left them and the heads' results go where the next one reads them: nothing is permuted.
struct Attention: Operation {
  let name = "attention"
  /// [images x tokens, 3 x heads x width].
  let input: Tensor
  /// The softmax of each head, [images, heads, tokens, tokens].
  let weights: Tensor
  let tokens: Int
  let heads: Int

  private var width: Int { input.shape[1] / 3 / heads }
  private var scale: Float { 1 / Float(width).squareRoot() }

  static func forward(
    _ input: Tensor, tokens: Int, heads: Int
  ) -> (output: Tensor, weights: Tensor) {
    let images = input.shape[0] / tokens
    let (row, dimension) = (input.shape[1], input.shape[1] / 3)
    let width = dimension / heads
    let scale = 1 / Float(width).squareRoot()
    var weights = Tensor(uninitialized: [images, heads, tokens, tokens]) { _ in }
    let output = Tensor(uninitialized: [input.shape[0], dimension]) { output in
      weights.withMutablePointer { weights in
        withPointers(input) { input in
          parallelFor(images) { image in
            for head in 0..<heads {
              let query = input + image * tokens * row + head * width
              let score = weights + (image * heads + head) * tokens * tokens
              let result = output + image * tokens * dimension + head * width
              smoot_sgemm(
                0, 1, tokens, tokens, width, scale, query, row, query + dimension, row, 0, score,
                tokens)
              smoot_softmax_forward_f32(tokens, tokens, score, score)
              smoot_sgemm(
                0, 0, tokens, width, tokens, 1, score, tokens, query + 2 * dimension, row, 0,
                result, dimension)
            }
          }
        }
      }
    }
    return (output, weights)
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let images = input.shape[0] / tokens
    let (row, dimension, square) = (input.shape[1], input.shape[1] / 3, tokens * tokens)
    var scratch = Tensor(uninitialized: [images, square]) { _ in }
    let result = Tensor(uninitialized: input.shape) { result in
      scratch.withMutablePointer { scratch in
        withPointers(input, weights, gradient) { input, weights, gradient in
          parallelFor(images) { image in
            let slope = scratch + image * square
            for head in 0..<heads {
              let at = image * tokens * row + head * width
              let (query, key, value) = (
                input + at, input + at + dimension, input + at + 2 * dimension
              )
              let weight = weights + (image * heads + head) * square
              let upstream = gradient + image * tokens * dimension + head * width
              smoot_sgemm(
                1, 0, tokens, width, tokens, 1, weight, tokens, upstream, dimension, 0,
                result + at + 2 * dimension, row)
              smoot_sgemm(
                0, 1, tokens, tokens, width, 1, upstream, dimension, value, row, 0, slope, tokens)
              smoot_softmax_backward_f32(tokens, tokens, weight, slope, slope)
              smoot_sgemm(
                0, 0, tokens, width, tokens, scale, slope, tokens, key, row, 0, result + at, row)
              smoot_sgemm(
                1, 0, tokens, width, tokens, scale, slope, tokens, query, row, 0,
                result + at + dimension, row)
            }
          }
        }
      }
    }
    return [result]
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
  /// - Returns: [images x tokens, heads x width].
  /// - Precondition: this is [images x tokens, 3 x heads x width]: queries of all heads, then keys, then values.
  public func attention(tokens: Int, heads: Int) -> Variable {
    precondition(
      shape.rank == 2 && tokens > 0 && heads > 0 && shape[0] % tokens == 0
        && shape[1] % (3 * heads) == 0,
      "rows of shape \(shape) are not queries, keys and values of \(heads) heads for images of \(tokens) tokens"
    )
    let result = Attention.forward(value, tokens: tokens, heads: heads)
    return Self.record(
      Attention(input: value, weights: result.weights, tokens: tokens, heads: heads),
      inputs: [self], output: result.output)
  }

  /// ``attention(tokens:heads:)`` as separate operations, so that the weights are on the tape.
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
