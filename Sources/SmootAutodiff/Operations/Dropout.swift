import CSmootKernels
public import SmootTensor

/// Sets elements to zero at random and scales the others.
///
/// Which ones is drawn again in the gradient, not stored.
struct Dropout: Operation {
  let name = "dropout"
  let rate: Float
  let key: RandomKey

  func callAsFunction(_ input: Tensor) -> Tensor {
    Tensor(uninitialized: input.shape) { target in
      withPointers(input) { source in
        parallelRanges(input.count, grain: 65536) { range in
          let start = range.lowerBound
          smoot_dropout_f32(
            key.key, key.stream, UInt64(start), range.count, rate, source + start, target + start)
        }
      }
    }
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [self(gradient)] }
}

extension Variable {
  /// The elements where the key's stream is at least `rate`, divided by 1 - rate, and zero elsewhere.
  ///
  /// - Precondition: the rate lies in [0, 1).
  public func dropout(rate: Float, key: RandomKey) -> Variable {
    precondition((0..<1).contains(rate), "a dropout rate lies in [0, 1), unlike \(rate)")
    let dropout = Dropout(rate: rate, key: key)
    return Self.record(dropout, inputs: [self], output: dropout(value))
  }
}
