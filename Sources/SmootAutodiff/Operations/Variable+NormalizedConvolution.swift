public import SmootTensor

extension Variable {
  /// The convolution of channels-last images and batch normalization by given statistics, with what follows.
  ///
  /// The same as ``convolution(_:bias:geometry:then:_:by:)`` and ``batchNorm(scale:shift:mean:variance:epsilon:then:)`` one after the other, but for last bits: where neither weights nor
  /// normalization are differentiated, the normalization is a scale and a shift of the convolution's sums, in the same pass.
  ///
  /// - Parameters:
  ///   - weight: [kernel height, kernel width, input channels / groups, output channels].
  ///   - geometry: stride, padding, dilation and groups.
  ///   - normalization: scale and shift, mean and variance, each [output channels], and epsilon.
  ///   - epilogue: what follows.
  ///   - precision: of the products.
  ///   - algorithm: how the products are summed.
  public func convolution(
    _ weight: Variable, geometry: ConvolutionGeometry,
    normalizedBy normalization: GivenNormalization, then epilogue: NormalizationEpilogue,
    _ precision: Precision = .float32, by algorithm: ConvolutionAlgorithm = .direct
  ) -> Variable {
    let (addend, rectifies): (Variable?, Bool) =
      switch epilogue {
      case .none: (nil, false)
      case .relu: (nil, true)
      case .addThenReLU(let other): (other, true)
      }
    func normalized(_ convolved: Variable) -> Variable {
      convolved.batchNorm(
        scale: normalization.scale, shift: normalization.shift, mean: normalization.mean,
        variance: normalization.variance, epsilon: normalization.epsilon, then: epilogue)
    }
    let parameters = [weight, normalization.scale, normalization.shift]
    guard parameters.allSatisfy({ $0.tape == nil }), geometry.groups == 1 else {
      return normalized(
        convolution(weight, bias: nil, geometry: geometry, precision, by: algorithm))
    }
    let plan = ConvolutionPlan(value, weight.shape, geometry, precision, algorithm)
    guard plan.takesEveryEpilogue else {
      return normalized(
        convolution(weight, bias: nil, geometry: geometry, rectifies: false, plan))
    }
    let (scale, shift) = normalization.scaleAndShift
    let output = plan.forward(
      weight.value,
      ProductEpilogue(scale: scale, shift: shift, addend: addend?.value, rectifies: rectifies))
    return Self.record(
      NormalizedConvolution(
        convolution: Convolution(
          name: "convolution", geometry: geometry, plan: plan, weight: weight.value,
          hasBias: false, rectified: nil),
        scale: scale, rectified: rectifies ? output : nil, hasAddend: addend != nil),
      inputs: [self] + (addend.map { [$0] } ?? []), output: output)
  }
}

/// Batch normalization by statistics that are known: (x - mean) / sqrt(variance + epsilon) scale + shift for each channel.
public struct GivenNormalization {
  /// [channels].
  public let scale, shift: Variable
  /// [channels].
  public let mean, variance: Tensor
  /// What is added to the variance.
  public let epsilon: Float

  /// Makes a normalization.
  public init(
    scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, epsilon: Float
  ) {
    (self.scale, self.shift, self.mean, self.variance) = (scale, shift, mean, variance)
    self.epsilon = epsilon
  }

  /// The same as a scale and a shift of each channel.
  fileprivate var scaleAndShift: (scale: Tensor, shift: Tensor) {
    let statistics = ChannelStatistics(
      mean: mean, variance: variance, rows: 1, epsilon: epsilon)
    let factor = scale.value * statistics.inverse
    return (factor, shift.value - mean * factor)
  }
}
