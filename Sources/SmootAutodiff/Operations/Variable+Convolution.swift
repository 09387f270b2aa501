import CSmootKernels
public import SmootTensor

extension Variable {
  /// The convolution of channels-last images.
  ///
  /// - Parameters:
  ///   - weight: [kernel height, kernel width, input channels / groups, output channels]; not flipped.
  ///   - bias: [output channels], or `nil`.
  ///   - geometry: stride, padding, dilation and groups.
  ///   - epilogue: what follows, computed in the same pass.
  ///   - precision: of the products; those of kernels with fewer than 64 weights for an output, or with odd numbers of channels, are computed in 32 bits, and so are gradients through
  ///     a maximum, which skip most of their products.
  ///   - algorithm: how the products are summed.
  /// - Returns: [batch, output height, output width, output channels], half as high and wide after pooling.
  /// - Precondition: this is [batch, height, width, input channels], and the kernel fits into the padded image.
  public func convolution(
    _ weight: Variable, bias: Variable?, geometry: ConvolutionGeometry = ConvolutionGeometry(),
    then epilogue: ConvolutionEpilogue = .none, _ precision: Precision = .float32,
    by algorithm: ConvolutionAlgorithm = .direct
  ) -> Variable {
    precondition(
      shape.rank == 4 && weight.shape.rank == 4 && shape[3] == weight.shape[2] * geometry.groups
        && weight.shape[3] % geometry.groups == 0,
      "images of shape \(shape) cannot be convolved with a kernel of shape \(weight.shape) in \(geometry.groups) groups"
    )
    if geometry.groups > 1 {
      return grouped(weight, bias: bias, geometry: geometry, then: epilogue, precision, algorithm)
    }
    if epilogue == .reluMaxPool, geometry.stride == 1, geometry.dilation == 1 {
      return padded(by: geometry.padding).pooledConvolution(
        weight, bias: bias, precision, algorithm)
    }
    let convolved = plainConvolution(
      weight, bias: bias, geometry: geometry, rectifies: epilogue != .none, precision, algorithm)
    return epilogue == .reluMaxPool ? convolved.maxPool(size: 2, stride: 2) : convolved
  }

  /// A convolution and perhaps a ReLU.
  private func plainConvolution(
    _ weight: Variable, bias: Variable?, geometry: ConvolutionGeometry, rectifies: Bool,
    _ precision: Precision, _ algorithm: ConvolutionAlgorithm
  ) -> Variable {
    let plan = ConvolutionPlan(value, weight.shape, geometry, precision, algorithm)
    return convolution(weight, bias: bias, geometry: geometry, rectifies: rectifies, plan)
  }

  /// A planned convolution and perhaps a ReLU.
  func convolution(
    _ weight: Variable, bias: Variable?, geometry: ConvolutionGeometry, rectifies: Bool,
    _ plan: ConvolutionPlan
  ) -> Variable {
    let output = plan.forward(
      weight.value, ProductEpilogue(shift: bias?.value, rectifies: rectifies))
    return Self.record(
      Convolution(
        name: rectifies ? "convolution, relu" : "convolution", geometry: geometry, plan: plan,
        weight: weight.value, hasBias: bias != nil, rectified: rectifies ? output : nil),
      inputs: [self, weight] + (bias.map { [$0] } ?? []), output: output)
  }

  /// A convolution of stride 1, ReLU and a maximum over windows of 2x2.
  private func pooledConvolution(
    _ weight: Variable, bias: Variable?, _ precision: Precision, _ algorithm: ConvolutionAlgorithm
  ) -> Variable {
    let extents = smoot_convolution_shape(images: shape, weight.shape, ConvolutionGeometry())
    let bias = bias ?? Variable(Tensor.zeros([weight.shape[3]]))
    let isRecorded = tape != nil || weight.tape != nil || bias.tape != nil
    let precision = extents.precision(precision)
    if !isRecorded, algorithm == .winograd, precision == .float32,
      let winograd = WinogradConvolution(unpadded: shape, weight.shape)
    {
      return Variable(winograd.forwardReLUMaxPool(value, weight.value, bias.value))
    }
    let imageCount = extents.imageCount
    let result = withPointers(value) { images in
      PooledConvolution.forward(
        extents, weight.value, bias.value, precision, batch: shape[0]
      ) { images + $1 * imageCount }
    }
    return Self.record(
      ConvolutionReLUMaxPool(pooled: result.convolution, input: value),
      inputs: [self, weight, bias], output: result.output)
  }

  /// One convolution for each group of channels, side by side.
  private func grouped(
    _ weight: Variable, bias: Variable?, geometry: ConvolutionGeometry,
    then epilogue: ConvolutionEpilogue, _ precision: Precision, _ algorithm: ConvolutionAlgorithm
  ) -> Variable {
    let (inputs, outputs) = (weight.shape[2], weight.shape[3] / geometry.groups)
    var single = geometry
    single.groups = 1
    return .concatenated(
      (0..<geometry.groups).map { group in
        let range = group * outputs..<(group + 1) * outputs
        return sliced(axis: 3, group * inputs..<(group + 1) * inputs).convolution(
          weight.sliced(axis: 3, range), bias: bias?.sliced(axis: 0, range), geometry: single,
          then: epilogue, precision, by: algorithm)
      }, axis: 3)
  }
}
