public import SmootTensor

extension Variable {
  /// The convolution of channels-last images and batch normalization by given statistics, with what follows.
  ///
  /// The same as ``convolution(_:bias:geometry:then:_:by:)`` and ``batchNorm(scale:shift:mean:variance:epsilon:then:)`` one after the other, but for last bits: where no tape records, the
  /// normalization is a scale and a shift of the convolution's sums, in the same pass.
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
    let addend: Variable? = if case .addThenReLU(let other) = epilogue { other } else { nil }
    let isRecorded = [self, weight, normalization.scale, normalization.shift, addend].contains {
      $0?.tape != nil
    }
    func normalized(_ convolved: Variable) -> Variable {
      convolved.batchNorm(
        scale: normalization.scale, shift: normalization.shift, mean: normalization.mean,
        variance: normalization.variance, epsilon: normalization.epsilon, then: epilogue)
    }
    guard !isRecorded, geometry.groups == 1 else {
      return normalized(
        convolution(weight, bias: nil, geometry: geometry, precision, by: algorithm))
    }
    let plan = ConvolutionPlan(
      value, weight.shape, geometry, precision, algorithm, isDifferentiated: false)
    guard plan.takesEveryEpilogue else {
      return normalized(Variable(plan.forward(weight.value, ProductEpilogue())))
    }
    let rectifies = if case .none = epilogue { false } else { true }
    return Variable(
      plan.forward(weight.value, normalization.epilogue(adding: addend?.value, rectifies)))
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

  /// The same as a scale and a shift.
  fileprivate func epilogue(adding addend: Tensor?, _ rectifies: Bool) -> ProductEpilogue {
    let statistics = ChannelStatistics(
      mean: mean, variance: variance, rows: 1, epsilon: epsilon)
    let factor = scale.value * statistics.inverse
    return ProductEpilogue(
      scale: factor, shift: shift.value - mean * factor, addend: addend, rectifies: rectifies)
  }
}
