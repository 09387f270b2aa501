import CSmootKernels
import SmootTensor

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
    var scale: Float { 1 / Float(width).squareRoot() }
  }

  let name = "attention"
  /// [images x tokens, 3 x heads x width], or [images x tokens, heads x width] where it is shared.
  let input: Tensor
  /// The softmax of each head, [images, heads, tokens, tokens].
  let weights: Tensor
  /// What was left out at random.
  let mask: AttentionMask?
  let layout: Layout

  static func forward(
    _ input: Tensor, _ layout: Layout, _ mask: AttentionMask?
  ) -> (output: Tensor, weights: Tensor) {
    let (tokens, heads, row, width) = (layout.tokens, layout.heads, layout.row, layout.width)
    let (dimension, offset, square) = (layout.dimension, layout.offset, tokens * tokens)
    let images = input.shape[0] / tokens
    var weights = Tensor(uninitialized: [images, heads, tokens, tokens]) { _ in }
    var scratch = Tensor(uninitialized: [mask?.kind == .weights ? images : 0, square]) { _ in }
    let output = Tensor(uninitialized: [input.shape[0], dimension]) { output in
      weights.withMutablePointer { weights in
        scratch.withMutablePointer { scratch in
          withPointers(input, mask?.values ?? input) { input, factors in
            parallelFor(images) { image in
              for head in 0..<heads {
                let query = input + image * tokens * row + head * width
                let place = (image * heads + head) * square
                let score = weights + place
                let result = output + image * tokens * dimension + head * width
                smoot_sgemm(
                  0, 1, tokens, tokens, width, layout.scale, query, row, query + offset, row, 0,
                  score, tokens)
                if mask?.kind == .keys {
                  for index in 0..<square { score[index] += factors[place + index] }
                }
                smoot_softmax_forward_f32(tokens, tokens, score, score)
                var used = score
                if mask?.kind == .weights {
                  used = scratch + image * square
                  for index in 0..<square { used[index] = score[index] * factors[place + index] }
                }
                smoot_sgemm(
                  0, 0, tokens, width, tokens, 1, used, tokens, query + 2 * offset, row, 0,
                  result, dimension)
              }
            }
          }
        }
      }
    }
    return (output, weights)
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (tokens, heads, row, width) = (layout.tokens, layout.heads, layout.row, layout.width)
    let (dimension, offset, square) = (layout.dimension, layout.offset, tokens * tokens)
    let images = input.shape[0] / tokens
    // What reaches queries, keys and values adds up where they are the same.
    let adds: Float = layout.isShared ? 1 : 0
    let dropsWeights = mask?.kind == .weights
    let scratchCount = dropsWeights ? 2 * square : square
    var scratch = Tensor(uninitialized: [images, scratchCount]) { _ in }
    let result = Tensor(uninitialized: input.shape) { result in
      scratch.withMutablePointer { scratch in
        withPointers(input, weights, gradient, mask?.values ?? input) {
          input, weights, gradient, factors in
          parallelFor(images) { image in
            let slope = scratch + image * scratchCount
            for head in 0..<heads {
              let at = image * tokens * row + head * width
              let (query, key, value) = (input + at, input + at + offset, input + at + 2 * offset)
              let place = (image * heads + head) * square
              let weight = weights + place
              var used = weight
              if dropsWeights {
                let dropped = slope + square
                for index in 0..<square { dropped[index] = weight[index] * factors[place + index] }
                used = UnsafePointer(dropped)
              }
              let upstream = gradient + image * tokens * dimension + head * width
              smoot_sgemm(
                1, 0, tokens, width, tokens, 1, used, tokens, upstream, dimension, 0,
                result + at + 2 * offset, row)
              smoot_sgemm(
                0, 1, tokens, tokens, width, 1, upstream, dimension, value, row, 0, slope, tokens)
              if dropsWeights {
                for index in 0..<square { slope[index] *= factors[place + index] }
              }
              smoot_softmax_backward_f32(tokens, tokens, weight, slope, slope)
              smoot_sgemm(
                0, 0, tokens, width, tokens, layout.scale, slope, tokens, key, row, adds,
                result + at, row)
              smoot_sgemm(
                1, 0, tokens, width, tokens, layout.scale, slope, tokens, query, row, adds,
                result + at + offset, row)
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
    return attended(
      Attention.Layout(tokens: tokens, heads: heads, isShared: false, row: shape[1]), nil)
  }

  /// Attention of one head among the tokens of each image, which are queries, keys and values as they are: softmax(X X^T / sqrt(width)) X.
  ///
  /// - Parameters:
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - mask: what is left out at random; [images, 1, tokens, tokens].
  /// - Returns: [images x tokens, width].
  /// - Precondition: this is [images x tokens, width].
  public func selfAttention(tokens: Int, mask: AttentionMask? = nil) -> Variable {
    checkTokens(tokens, mask)
    return attended(
      Attention.Layout(tokens: tokens, heads: 1, isShared: true, row: shape[1]), mask)
  }

  private func attended(_ layout: Attention.Layout, _ mask: AttentionMask?) -> Variable {
    let result = Attention.forward(value, layout, mask)
    return Self.record(
      Attention(input: value, weights: result.weights, mask: mask, layout: layout),
      inputs: [self], output: result.output)
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
