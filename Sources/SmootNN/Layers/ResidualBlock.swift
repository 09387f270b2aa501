public import SmootAutodiff

/// A residual block: two 3x3 convolutions, or a bottleneck of 1x1, 3x3 and 1x1, each normalized, added to the input or to its projection.
public struct ResidualBlock {
  /// Channels of the output.
  public let outputChannels: Int
  package let convolutions: [Conv2D]
  package let norms: [BatchNorm2D]
  package let projection: (convolution: Conv2D, norm: BatchNorm2D)?

  /// Makes a block with torchvision's initial values and names.
  ///
  /// - Parameters:
  ///   - scope: where the names and the initial values of the parameters come from.
  ///   - inputChannels: channels of the input.
  ///   - width: channels of the inner convolutions.
  ///   - stride: of the first 3x3 convolution.
  ///   - isBottleneck: whether the block is a bottleneck, with 4 times `width` output channels.
  public init(
    _ scope: ParameterScope, inputChannels: Int, width: Int, stride: Int, isBottleneck: Bool
  ) {
    outputChannels = isBottleneck ? 4 * width : width
    // Channels, kernel size and stride of each convolution.
    let plan =
      isBottleneck
      ? [(width, 1, 1), (width, 3, stride), (4 * width, 1, 1)]
      : [(width, 3, stride), (width, 3, 1)]
    var (convolutions, norms, channels) = ([Conv2D](), [BatchNorm2D](), inputChannels)
    for (index, (outputs, size, stride)) in plan.enumerated() {
      convolutions.append(
        .withoutBias(
          scope.scope("conv\(index + 1)"), from: channels, to: outputs, kernelSize: size,
          stride: stride))
      norms.append(BatchNorm2D(scope.scope("bn\(index + 1)"), channels: outputs))
      channels = outputs
    }
    (self.convolutions, self.norms) = (convolutions, norms)
    let downsample = scope.scope("downsample")
    projection =
      stride == 1 && inputChannels == outputChannels
      ? nil
      : (
        .withoutBias(
          downsample.scope("0"), from: inputChannels, to: outputChannels, kernelSize: 1,
          stride: stride), BatchNorm2D(downsample.scope("1"), channels: outputChannels)
      )
  }

  /// What training changes.
  public var parameters: [Parameter] {
    zip(convolutions, norms).flatMap { $0.parameters + $1.parameters }
      + (projection.map { $0.convolution.parameters + $0.norm.parameters } ?? [])
  }

  /// Running statistics.
  public var buffers: [Parameter] {
    norms.flatMap(\.buffers) + (projection?.norm.buffers ?? [])
  }

  /// The block applied to channels-last images.
  public func callAsFunction(_ input: Variable, _ context: ForwardContext) -> Variable {
    guard !context.isFused else { return fused(input, context) }
    var x = input
    for (index, (convolution, norm)) in zip(convolutions, norms).enumerated() {
      x = context.layer("conv\(index + 1)", convolution(x, context))
      x = context.layer("bn\(index + 1)", norm(x, context))
      if index < convolutions.count - 1 { x = x.relu() }
    }
    let shortcut = projection.map { $0.norm($0.convolution(input, context), context) } ?? input
    return context.layer("", (x + shortcut).relu())
  }

  /// The same, each normalization in one pass with what follows it.
  private func fused(_ input: Variable, _ context: ForwardContext) -> Variable {
    let shortcut = projection.map { $0.norm($0.convolution, input, context) } ?? input
    var x = input
    for (index, (convolution, norm)) in zip(convolutions, norms).enumerated() {
      let isLast = index == convolutions.count - 1
      x = norm(convolution, x, then: isLast ? .addThenReLU(shortcut) : .relu, context)
    }
    return x
  }
}

extension Conv2D {
  /// A convolution that keeps the extents but for its stride, without a bias, with initial values normal with variance 2 / fan-out: what stands before a normalization.
  ///
  /// He et al., Delving Deep into Rectifiers, 2015.
  static func withoutBias(
    _ scope: ParameterScope, from inputs: Int, to outputs: Int, kernelSize: Int, stride: Int
  ) -> Conv2D {
    let fanOut = Float(outputs * kernelSize * kernelSize)
    return Conv2D(
      scope, inputChannels: inputs, outputChannels: outputs, kernelSize: kernelSize,
      geometry: ConvolutionGeometry(stride: stride, padding: kernelSize / 2), hasBias: false,
      weight: .normal(standardDeviation: (2 / fanOut).squareRoot()))
  }
}
