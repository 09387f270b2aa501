public import SmootAutodiff
import SmootTensor

/// Batch normalization of channels-last images, with running statistics for evaluation.
///
/// In training the batch's own statistics are used, and the running ones move by `momentum` towards them; the running variance is that of a sample (divided by n - 1), as in
/// PyTorch.
public struct BatchNorm2D {
  /// The scale, [channels]; 1 at first.
  public let weight: Parameter
  /// The shift, [channels]; 0 at first.
  public let bias: Parameter
  package let runningMean: Parameter
  package let runningVariance: Parameter
  private let batches: Parameter
  private let momentum: Float = 0.1
  package let epsilon: Float = 1e-5

  /// Makes a layer.
  public init(_ scope: ParameterScope, channels: Int) {
    weight = scope.parameter("weight", [channels], .constant(1))
    bias = scope.parameter("bias", [channels], .constant(0))
    runningMean = scope.parameter("running_mean", [channels], .constant(0))
    runningVariance = scope.parameter("running_var", [channels], .constant(1))
    batches = scope.parameter("num_batches_tracked", [], .constant(0), layout: .count)
  }

  /// What training changes.
  public var parameters: [Parameter] { [weight, bias] }

  /// What passes in training mode record: running mean and variance, and how many batches there were.
  public var buffers: [Parameter] { [runningMean, runningVariance, batches] }

  /// A convolution without a bias, normalized, with whatever follows; in evaluation in one pass where no tape records and operations may be fused.
  func callAsFunction(
    _ convolution: Conv2D, _ input: Variable, then following: NormalizationEpilogue = .none,
    _ context: ForwardContext
  ) -> Variable {
    guard context.mode == .evaluation, context.isFused, convolution.bias == nil else {
      return self(convolution(input, context), then: following, context)
    }
    let normalization = GivenNormalization(
      scale: context.variable(weight), shift: context.variable(bias), mean: runningMean.value,
      variance: runningVariance.value, epsilon: epsilon)
    return input.convolution(
      context.variable(convolution.weight), geometry: convolution.geometry,
      normalizedBy: normalization, then: following, context.precision, by: context.convolution)
  }

  /// The normalized images, with whatever follows computed in the same pass; a pass in training mode moves the running statistics.
  public func callAsFunction(
    _ input: Variable, then following: NormalizationEpilogue = .none, _ context: ForwardContext
  ) -> Variable {
    let (scale, shift) = (context.variable(weight), context.variable(bias))
    guard context.mode == .training else {
      return input.batchNorm(
        scale: scale, shift: shift, mean: runningMean.value, variance: runningVariance.value,
        epsilon: epsilon, then: following)
    }
    let (output, statistics) = input.batchNorm(
      scale: scale, shift: shift, epsilon: epsilon, then: following)
    let correction = Float(statistics.rows) / Float(max(1, statistics.rows - 1))
    runningMean.value =
      runningMean.value * (1 - momentum) + statistics.mean * momentum
    runningVariance.value =
      runningVariance.value * (1 - momentum) + statistics.variance * (correction * momentum)
    batches.value = batches.value + Tensor(1)
    return output
  }
}
