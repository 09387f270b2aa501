import CSmootKernels
public import SmootTensor

extension Variable {
  /// Two convolutions without padding, of stride 1, each followed by a ReLU, and a maximum over windows of 2x2.
  ///
  /// The same as ``convolution(_:bias:geometry:then:_:by:)`` twice. Where the first kernel has fewer than 64 weights for an output and a tape records, an image passes through both while
  /// it is in the cache, and so does its gradient; what passes between the two is never whole in memory.
  ///
  /// - Parameters:
  ///   - first: the kernel [kernel height, kernel width, input channels, channels between] and the bias [channels between] of the first convolution.
  ///   - second: those of the second.
  ///   - precision: of the products.
  ///   - algorithm: how the products are summed where no tape records.
  /// - Returns: [batch, output height, output width, output channels].
  /// - Precondition: this is [batch, height, width, input channels], and both kernels fit into what they get.
  public func stackedConvolutions(
    _ first: (weight: Variable, bias: Variable), _ second: (weight: Variable, bias: Variable),
    _ precision: Precision = .float32, by algorithm: ConvolutionAlgorithm = .direct
  ) -> Variable {
    let inputs = [self, first.weight, first.bias, second.weight, second.bias]
    precondition(
      shape.rank == 4 && first.weight.shape.rank == 4 && shape[3] == first.weight.shape[2],
      "images of shape \(shape) cannot be convolved with a kernel of shape \(first.weight.shape)")
    let extents = smoot_convolution_shape(
      images: shape, first.weight.shape, ConvolutionGeometry())
    guard extents.hasFewTaps, inputs.contains(where: { $0.tape != nil }) else {
      return convolution(first.weight, bias: first.bias, then: .relu, precision, by: algorithm)
        .convolution(
          second.weight, bias: second.bias, then: .reluMaxPool, precision, by: algorithm)
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
}
