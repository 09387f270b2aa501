import CSmootKernels
import SmootTensor

/// A linear map to queries, keys and values and the attention among them, with products of bfloat16: attention(input x weight^T + bias).
///
/// An image is computed from its tokens to its result while it is in the cache. Queries, keys and values reach memory as the rounded numbers that are multiplied, and so do their
/// gradients.
struct RoundedAttention: Operation {
  let name = "linear, attention"
  /// [images x tokens, inputs].
  let input: Operand
  /// [3 x heads x width, inputs].
  let weight: Tensor
  let layout: AttentionLayout
  /// Queries, keys and values, [images x tokens, 3 x heads x width].
  let numbers: Operand
  /// What ``AttentionLayout/weights(images:)`` has room for.
  let weights: Tensor

  /// Computes queries, keys and values, and what attention makes of them.
  static func forward(
    _ input: Operand, _ weight: Tensor, _ bias: Tensor, _ layout: AttentionLayout
  ) -> (operation: RoundedAttention, output: Tensor) {
    let (rows, row, tokens) = (input.shape[0], layout.row, layout.tokens)
    let product = RoundedProduct(of: rows, weight, isTransposed: true, rowsOfResult: tokens)
    var weights = layout.weights(images: rows / tokens)
    let (numbers, output) = Operand.rounded([rows, row]) { numbers in
      weights.withMutablePointer { weights in
        Tensor(uninitialized: [rows, layout.dimension]) { result in
          withPointers(bias) { bias in
            input.withRounded { input in
              layout.forEachImage(rows / tokens, room: tokens * row) { image, sums, scratch in
                let first = image * tokens
                product(input, first..<first + tokens, bias: bias, into: sums)
                smoot_bfloat16_from_f32(tokens * row, sums, numbers + first * row)
                layout.forward(
                  image, UnsafePointer(numbers), nil, weights: weights, result: result,
                  scratch: scratch)
              }
            }
          }
        }
      }
    }
    return (
      RoundedAttention(
        input: input, weight: weight, layout: layout, numbers: numbers, weights: weights), output
    )
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (rows, row, tokens) = (input.shape[0], layout.row, layout.tokens)
    let product = RoundedProduct(of: rows, weight, isTransposed: false, rowsOfResult: rows)
    var sums = Tensor.zeros([rows / tokens, row])
    var inputGradient = Tensor(uninitialized: needs[0] ? input.shape : [0]) { _ in }
    let (sent, _) = Operand.rounded([rows, row]) { sent in
      sums.withMutablePointer { sums in
        inputGradient.withMutablePointer { inputGradient in
          withPointers(weights, gradient) { weights, upstream in
            numbers.withRounded { numbers in
              layout.forEachImage(rows / tokens, room: tokens * row) { image, products, scratch in
                let first = image * tokens
                layout.backward(
                  image, numbers, nil, weights: weights, upstream: upstream, gradient: products,
                  scratch: scratch)
                if needs[2] { smoot_column_sums_f32(tokens, row, products, sums + image * row) }
                smoot_bfloat16_from_f32(tokens * row, products, sent + first * row)
                if needs[0] { product(sent, first..<first + tokens, into: inputGradient) }
              }
            }
          }
        }
      }
    }
    return [
      needs[0] ? inputGradient : nil, needs[1] ? sent.transposedProduct(input) : nil,
      needs[2] ? sums.columnSums(row) : nil,
    ]
  }
}

extension Variable {
  /// ``linear(_:bias:_:)`` followed by ``attention(tokens:heads:_:)``, with products of bfloat16 and queries, keys and values that are rounded.
  ///
  /// - Parameters:
  ///   - weight: [3 x heads x width, inputs].
  ///   - bias: [3 x heads x width].
  ///   - tokens: how many consecutive rows belong to one image.
  ///   - heads: how many parts of equal width queries, keys and values have.
  /// - Returns: [images x tokens, heads x width].
  /// - Precondition: this is [images x tokens, inputs], and inputs and width are even.
  public func roundedAttention(
    _ weight: Variable, bias: Variable, tokens: Int, heads: Int
  ) -> Variable {
    let row = weight.shape[0]
    let layout = AttentionLayout(tokens: tokens, heads: heads, isShared: false, row: row)
    precondition(
      shape.rank == 2 && weight.shape == [row, shape[1]] && bias.shape == [row] && tokens > 0
        && heads > 0 && shape[0].isMultiple(of: tokens) && row.isMultiple(of: 3 * heads)
        && shape[1].isMultiple(of: 2) && layout.width.isMultiple(of: 2),
      "rows of shape \(shape) and a weight of shape \(weight.shape) make no queries, keys and values of \(heads) heads for images of \(tokens) tokens"
    )
    let result = RoundedAttention.forward(
      Operand(value, .bfloat16), weight.value, bias.value, layout)
    return Self.record(
      result.operation, inputs: [self, weight, bias], output: result.output)
  }
}
