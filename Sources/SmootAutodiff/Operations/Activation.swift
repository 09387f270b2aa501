import CSmootKernels
import Foundation
import SmootTensor

/// max(x, 0), with slope 0 at 0.
struct ReLU: Operation {
  let name = "relu"
  let output: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [gradient.rectified(by: output)] }
}

/// A function of each element whose slope is known in each element.
struct Pointwise: Operation {
  let name: String
  /// The slope as a function of the input and the output.
  let slope: (_ input: Float, _ output: Float) -> Float
  let input: Tensor
  let output: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [gradient * .combined(input, output, slope)]
  }
}

extension Tensor {
  /// max(x, 0) of each element.
  var rectified: Tensor {
    Tensor(uninitialized: shape) { target in
      withPointers(self) { source in
        parallelRanges(count, grain: 65536) {
          smoot_relu_forward_f32($0.count, source + $0.lowerBound, target + $0.lowerBound)
        }
      }
    }
  }

  /// The elements where `output` is above zero, and zero elsewhere: the gradient of a ReLU with that output.
  func rectified(by output: Tensor) -> Tensor {
    Tensor(uninitialized: shape) { target in
      withPointers(self, output) { gradient, output in
        parallelRanges(count, grain: 65536) { range in
          let start = range.lowerBound
          smoot_relu_backward_f32(range.count, output + start, gradient + start, target + start)
        }
      }
    }
  }
}

extension Variable {
  /// max(x, 0) of each element; its gradient at 0 is 0.
  public func relu() -> Variable {
    let output = value.rectified
    return Self.record(ReLU(output: output), inputs: [self], output: output)
  }

  /// x P(X <= x) for a standard normal X: the exact form with erf, not the tanh approximation.
  ///
  /// Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.
  public func gelu() -> Variable {
    pointwise("gelu", { $0 * 0.5 * erfc(-$0 * 0.5.squareRoot()) }) { x, _ in
      let density = Foundation.exp(-0.5 * Double(x) * Double(x)) / (2 * Double.pi).squareRoot()
      return Float(0.5 * erfc(-Double(x) * 0.5.squareRoot()) + Double(x) * density)
    }
  }

  /// The hyperbolic tangent of each element.
  public func tanh() -> Variable {
    pointwise("tanh", { Foundation.tanh($0) }) { _, y in 1 - y * y }
  }

  /// 1 / (1 + exp(-x)) of each element.
  public func sigmoid() -> Variable {
    pointwise("sigmoid", { 1 / (1 + Foundation.exp(-$0)) }) { _, y in y * (1 - y) }
  }

  /// The exponential of each element.
  public func exp() -> Variable {
    pointwise("exp", { Foundation.exp($0) }) { _, y in y }
  }

  /// The natural logarithm of each element.
  public func log() -> Variable {
    pointwise("log", { Foundation.log($0) }) { x, _ in 1 / x }
  }

  private func pointwise(
    _ name: String, _ function: (Double) -> Double, slope: @escaping (Float, Float) -> Float
  ) -> Variable {
    let output = value.mapped { Float(function(Double($0))) }
    return Self.record(
      Pointwise(name: name, slope: slope, input: value, output: output), inputs: [self],
      output: output)
  }
}
