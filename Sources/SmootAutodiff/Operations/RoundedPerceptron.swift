import CSmootKernels
import SmootTensor

/// Two linear maps with GELU between them whose products are of bfloat16: GELU(input x first^T + bias) x second^T + bias.
///
/// The hidden layer is the largest of a transformer block. Some rows of it at a time are computed, rounded, and multiplied while they are in the cache; only the rounded numbers
/// and the rounded slopes of GELU reach memory.
struct RoundedPerceptron: Operation {
  let name = "linear, gelu, linear"
  /// [rows, inputs].
  let input: Operand
  /// [hidden, inputs].
  let firstWeight: Tensor
  /// [outputs, hidden].
  let secondWeight: Tensor
  /// The hidden layer, [rows, hidden].
  let hidden: Operand
  /// The derivative of GELU where the hidden layer was computed.
  let slope: Operand

  /// Rows whose hidden layer stays in the second-level cache.
  private static let piece = 66

  /// Computes the hidden layer and what follows it.
  static func forward(
    _ input: Operand, _ firstWeight: Tensor, _ firstBias: Tensor, _ secondWeight: Tensor,
    _ secondBias: Tensor
  ) -> (operation: RoundedPerceptron, output: Tensor) {
    let (rows, width, outputs) = (input.shape[0], firstWeight.shape[0], secondWeight.shape[0])
    let first = RoundedProduct(
      of: rows, firstWeight, isTransposed: true, rowsOfResult: piece)
    let second = RoundedProduct(
      of: rows, secondWeight, isTransposed: true, rowsOfResult: rows)
    let (hidden, (slope, output)) = Operand.rounded([rows, width]) { hidden in
      Operand.rounded([rows, width]) { slope in
        Tensor(uninitialized: [rows, outputs]) { output in
          withPointers(firstBias, secondBias) { firstBias, secondBias in
            input.withRounded { input in
              forEachPiece(rows, width) { range, sums in
                let start = range.lowerBound * width
                first(input, range, into: sums)
                smoot_bias_gelu_bfloat16(
                  range.count, width, firstBias, sums, hidden + start, slope + start)
                second(hidden, range, bias: secondBias, into: output)
              }
            }
          }
        }
      }
    }
    return (
      RoundedPerceptron(
        input: input, firstWeight: firstWeight, secondWeight: secondWeight, hidden: hidden,
        slope: slope), output
    )
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let upstream = Operand(gradient, .bfloat16)
    let secondGradient = needs[3] ? upstream.transposedProduct(hidden) : nil
    let secondBias = needs[4] ? gradient.columnSums(gradient.shape[1]) : nil
    guard needs[0] || needs[1] || needs[2] else {
      return [nil, nil, nil, secondGradient, secondBias]
    }
    let sent = sentBack(upstream, wantsInput: needs[0])
    return [
      sent.input, needs[1] ? sent.hidden.transposedProduct(input) : nil,
      needs[2] ? sent.sums : nil, secondGradient, secondBias,
    ]
  }

  /// The gradient of the hidden layer's argument, its sum over the rows, and that of the input.
  private func sentBack(
    _ upstream: Operand, wantsInput: Bool
  ) -> (hidden: Operand, sums: Tensor, input: Tensor?) {
    let (rows, width, inputs) = (input.shape[0], firstWeight.shape[0], firstWeight.shape[1])
    let second = RoundedProduct(
      of: rows, secondWeight, isTransposed: false, rowsOfResult: Self.piece)
    let first = RoundedProduct(
      of: rows, firstWeight, isTransposed: false, rowsOfResult: rows)
    var sums = Tensor.zeros([(rows + Self.piece - 1) / Self.piece, width])
    var inputGradient = Tensor(uninitialized: wantsInput ? [rows, inputs] : [0]) { _ in }
    let (hidden, _) = Operand.rounded([rows, width]) { hidden in
      sums.withMutablePointer { columnSums in
        inputGradient.withMutablePointer { inputGradient in
          slope.withRounded { slope in
            upstream.withRounded { upstream in
              Self.forEachPiece(rows, width) { range, products in
                let start = range.lowerBound * width
                second(upstream, range, into: products)
                smoot_gelu_backward_bfloat16(
                  range.count, width, slope + start, products, hidden + start,
                  columnSums + range.lowerBound / Self.piece * width)
                if wantsInput { first(hidden, range, into: inputGradient) }
              }
            }
          }
        }
      }
    }
    return (hidden, sums.columnSums(width), wantsInput ? inputGradient : nil)
  }

  /// Calls a function for pieces of the rows, with memory for the hidden layer of a piece.
  private static func forEachPiece(
    _ rows: Int, _ width: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    parallelRanges(rows, grain: piece) { range in
      // The block that a thread gave back last is the one it gets, still in its cache.
      _ = Tensor(uninitialized: [piece, width]) { body(range, $0) }
    }
  }
}

extension Variable {
  /// ``linearGELU(_:bias:_:)`` followed by ``linear(_:bias:_:)``, with products of bfloat16 and a hidden layer that is rounded.
  ///
  /// - Parameters:
  ///   - first: the weight of the first map, [hidden, inputs].
  ///   - firstBias: [hidden].
  ///   - second: the weight of the second map, [outputs, hidden].
  ///   - secondBias: [outputs].
  /// - Returns: [rows, outputs].
  /// - Precondition: this is [rows, inputs], and all extents of the weights are even.
  public func roundedPerceptron(
    _ first: Variable, bias firstBias: Variable, _ second: Variable, bias secondBias: Variable
  ) -> Variable {
    precondition(
      shape.rank == 2 && first.shape == [firstBias.shape[0], shape[1]]
        && second.shape == [secondBias.shape[0], first.shape[0]]
        && (first.shape.dimensions + second.shape.dimensions).allSatisfy { $0.isMultiple(of: 2) },
      "rows of shape \(shape) do not fit weights of shapes \(first.shape) and \(second.shape)")
    let result = RoundedPerceptron.forward(
      Operand(value, .bfloat16), first.value, firstBias.value, second.value, secondBias.value)
    return Self.record(
      result.operation, inputs: [self, first, firstBias, second, secondBias],
      output: result.output)
  }
}
