import CSmootKernels
package import SmootTensor

/// A convolution of channels-last images, with a bias and perhaps a ReLU.
package struct Convolution: WeightedOperation {
  package let name: String
  package let geometry: ConvolutionGeometry
  let plan: ConvolutionPlan
  let weight: Tensor
  let hasBias: Bool
  /// The output, where a ReLU follows; it tells where the ReLU is open.
  let rectified: Tensor?

  /// The extents of the padded images.
  var shape: smoot_convolution_shape { plan.shape }
  /// The images, padded unless Winograd's method is taken.
  var input: Operand { plan.input }

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let upstream = rectified.map { gradient.rectified(by: $0) } ?? gradient
    return [
      needs[0] ? inputGradient(upstream) : nil,
      needs[1] ? weightGradient(upstream) : nil,
    ] + (hasBias ? [needs[2] ? upstream.columnSums(Int(shape.output_channels)) : nil] : [])
  }

  package func applied(to input: Variable, weight: Variable, bias: Variable?) -> Variable {
    input.convolution(weight, bias: bias, geometry: geometry)
  }

  private func weightGradient(_ upstream: Tensor) -> Tensor {
    if let winograd = plan.winograd { return winograd.weightGradient(input.tensor, upstream) }
    guard let pixels = plan.pixels else { return weightGradientByImages(upstream) }
    return pixels.gradient(in: input, Operand(upstream, input.precision))
      .reshaped(to: weight.shape)
  }

  private func inputGradient(_ upstream: Tensor) -> Tensor {
    if let winograd = plan.winograd { return winograd.inputGradient(upstream, weight) }
    // With few input channels the vectors of a transposed convolution would be mostly empty.
    return plan.pixels == nil
      ? inputGradientByColumns(upstream).cropped(by: geometry.padding)
      : TransposedConvolution(shape, padding: geometry.padding)(
        upstream, weight, input.precision)
  }
}
