import CSmootKernels
package import SmootTensor

/// max(x, 0), with slope 0 at 0.
package struct ReLU: Operation {
  package let name = "relu"
  package let output: Tensor

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [gradient.rectified(by: output)]
  }
}

/// A function of each element, whose gradient is a kernel of its output or its input.
package struct Pointwise: Operation {
  package let name: String
  /// What the gradient's kernel reads besides the gradient.
  package let kept: Tensor
  let kernel: PairKernel

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    [.elementwise(kept, gradient, kernel)]
  }
}

extension Tensor {
  /// max(x, 0) of each element.
  var rectified: Tensor { .elementwise(self, smoot_relu_forward_f32) }

  /// The elements where `output` is above zero, and zero elsewhere: the gradient of a ReLU with that output.
  package func rectified(by output: Tensor) -> Tensor {
    .elementwise(output, self, smoot_relu_backward_f32)
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
    let output = Tensor.elementwise(value, smoot_gelu_forward_f32)
    return pointwise("gelu", output, keeping: value, smoot_gelu_backward_f32)
  }

  /// The hyperbolic tangent of each element.
  public func tanh() -> Variable {
    let output = Tensor.elementwise(value, smoot_tanh_forward_f32)
    return pointwise("tanh", output, keeping: output, smoot_tanh_backward_f32)
  }

  /// 1 / (1 + exp(-x)) of each element.
  public func sigmoid() -> Variable {
    let output = Tensor.elementwise(value, smoot_sigmoid_forward_f32)
    return pointwise("sigmoid", output, keeping: output, smoot_sigmoid_backward_f32)
  }

  /// The exponential of each element.
  public func exp() -> Variable {
    let output = Tensor.elementwise(value, smoot_exp_f32)
    return pointwise("exp", output, keeping: output) { count, output, gradient, result in
      guard let output, let gradient, let result else { return }
      for index in 0..<count { result[index] = gradient[index] * output[index] }
    }
  }

  /// The natural logarithm of each element.
  public func log() -> Variable {
    let output = Tensor.elementwise(value, smoot_log_f32)
    return pointwise("log", output, keeping: value) { count, input, gradient, result in
      guard let input, let gradient, let result else { return }
      for index in 0..<count { result[index] = gradient[index] / input[index] }
    }
  }

  private func pointwise(
    _ name: String, _ output: Tensor, keeping kept: Tensor, _ kernel: @escaping PairKernel
  ) -> Variable {
    Self.record(
      Pointwise(name: name, kept: kept, kernel: kernel), inputs: [self], output: output)
  }
}
