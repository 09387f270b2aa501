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
  ///   - precision: of the products; those of kernels with up to 64 weights for an output, or with odd numbers of channels, are computed in 32 bits, and so are gradients through
  ///     a maximum, which skip most of their products.
  /// - Returns: [batch, output height, output width, output channels], half as high and wide after pooling.
  /// - Precondition: this is [batch, height, width, input channels], and the kernel fits into the padded image.
  public func convolution(
    _ weight: Variable, bias: Variable?, geometry: ConvolutionGeometry = ConvolutionGeometry(),
    then epilogue: ConvolutionEpilogue = .none, _ precision: Precision = .float32
  ) -> Variable {
    precondition(
      shape.rank == 4 && weight.shape.rank == 4 && shape[3] == weight.shape[2] * geometry.groups
        && weight.shape[3] % geometry.groups == 0,
      "images of shape \(shape) cannot be convolved with a kernel of shape \(weight.shape) in \(geometry.groups) groups"
    )
    if geometry.groups > 1 {
      return grouped(weight, bias: bias, geometry: geometry, then: epilogue, precision)
    }
    if epilogue == .reluMaxPool, geometry.stride == 1, geometry.dilation == 1 {
      return padded(by: geometry.padding).pooledConvolution(weight, bias: bias, precision)
    }
    let padded = value.padded(by: geometry.padding)
    let extents = smoot_convolution_shape(images: padded.shape, weight.shape, geometry)
    let relu = epilogue != .none
    let input = Operand(padded, extents.precision(precision))
    let pixels =
      extents.hasFewTaps ? nil : extents.pixelsUnderKernel(batch: padded.shape[0])
    let output = Convolution.forward(
      extents, pixels, input, weight.value, bias?.value, relu: relu)
    let convolved = Self.record(
      Convolution(
        name: relu ? "convolution, relu" : "convolution", geometry: geometry,
        shape: extents, input: input, weight: weight.value, pixels: pixels,
        hasBias: bias != nil,
        rectified: relu ? output : nil),
      inputs: [self, weight] + (bias.map { [$0] } ?? []), output: output)
    return epilogue == .reluMaxPool ? convolved.maxPool(size: 2, stride: 2) : convolved
  }

  /// Two convolutions without padding, of stride 1, each followed by a ReLU, and a maximum over windows of 2x2.
  ///
  /// The same as ``convolution(_:bias:geometry:then:_:)`` twice. Where the first kernel has up to 64 weights for an output and a tape records, an image passes through both while
  /// it is in the cache, and so does its gradient; what passes between the two is never whole in memory.
  ///
  /// - Parameters:
  ///   - first: the kernel [kernel height, kernel width, input channels, channels between] and the bias [channels between] of the first convolution.
  ///   - second: those of the second.
  ///   - precision: of the products.
  /// - Returns: [batch, output height, output width, output channels].
  /// - Precondition: this is [batch, height, width, input channels], and both kernels fit into what they get.
  public func stackedConvolutions(
    _ first: (weight: Variable, bias: Variable), _ second: (weight: Variable, bias: Variable),
    _ precision: Precision = .float32
  ) -> Variable {
    let inputs = [self, first.weight, first.bias, second.weight, second.bias]
    precondition(
      shape.rank == 4 && first.weight.shape.rank == 4 && shape[3] == first.weight.shape[2],
      "images of shape \(shape) cannot be convolved with a kernel of shape \(first.weight.shape)")
    let extents = smoot_convolution_shape(
      images: shape, first.weight.shape, ConvolutionGeometry())
    guard extents.hasFewTaps, inputs.contains(where: { $0.tape != nil }) else {
      return convolution(first.weight, bias: first.bias, then: .relu, precision)
        .convolution(second.weight, bias: second.bias, then: .reluMaxPool, precision)
    }
    let between: Shape = [
      shape[0], extents.outputHeight, extents.outputWidth, first.weight.shape[3],
    ]
    precondition(
      second.weight.shape.rank == 4 && second.weight.shape[2] == between[3],
      "images of shape \(between) cannot be convolved with a kernel of shape \(second.weight.shape)"
    )
    let following = smoot_convolution_shape(
      images: between, second.weight.shape, ConvolutionGeometry())
    let result = StackedConvolutions.forward(
      value, (extents, following), (first.weight.value, second.weight.value),
      (first.bias.value, second.bias.value), following.precision(precision))
    return Self.record(result.operation, inputs: inputs, output: result.output)
  }

  /// A convolution of stride 1, ReLU and a maximum over windows of 2x2.
  private func pooledConvolution(
    _ weight: Variable, bias: Variable?, _ precision: Precision
  ) -> Variable {
    let extents = smoot_convolution_shape(images: shape, weight.shape, ConvolutionGeometry())
    let bias = bias ?? Variable(Tensor.zeros([weight.shape[3]]))
    let isRecorded = tape != nil || weight.tape != nil || bias.tape != nil
    let precision = extents.precision(precision)
    if !isRecorded, precision == .float32,
      withUnsafePointer(to: extents, smoot_winograd_serves) != 0
    {
      return Variable(WinogradReLUMaxPool.forward(extents, value, weight.value, bias.value))
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
    then epilogue: ConvolutionEpilogue, _ precision: Precision
  ) -> Variable {
    let (inputs, outputs) = (weight.shape[2], weight.shape[3] / geometry.groups)
    var single = geometry
    single.groups = 1
    return .concatenated(
      (0..<geometry.groups).map { group in
        let range = group * outputs..<(group + 1) * outputs
        return sliced(axis: 3, group * inputs..<(group + 1) * inputs).convolution(
          weight.sliced(axis: 3, range), bias: bias?.sliced(axis: 0, range), geometry: single,
          then: epilogue, precision)
      }, axis: 3)
  }
}
