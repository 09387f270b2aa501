import CSmootKernels
package import SmootTensor

/// A convolution of channels-last images, with a bias and perhaps a ReLU.
///
/// In general a product with the matrix of the pixels under the kernel, none of which is written down (``GatheredMatrix``); where the kernel has few taps, as in a first layer,
/// kernels that go image by image are faster; and Winograd's method, where it is asked for and serves.
package struct Convolution: WeightedOperation {
  package let name: String
  package let geometry: ConvolutionGeometry
  /// The extents of the padded images.
  let shape: smoot_convolution_shape
  /// The padded images; for Winograd's method those without the padding.
  let input: Operand
  let weight: Tensor
  /// Winograd's method, where it is taken.
  let winograd: WinogradConvolution?
  /// The pixels under the kernel; `nil` where the convolution is computed image by image.
  let pixels: GatheredMatrix?
  let hasBias: Bool
  /// The output, where a ReLU follows; it tells where the ReLU is open.
  let rectified: Tensor?

  static func forward(
    _ shape: smoot_convolution_shape, _ pixels: GatheredMatrix?, _ input: Operand,
    _ weight: Tensor, _ bias: Tensor?, relu: Bool
  ) -> Tensor {
    guard let pixels else {
      return forwardByImages(shape, input.tensor, weight, bias, relu: relu)
    }
    let (batch, channels) = (input.shape[0], Int(shape.output_channels))
    let packed = weight.reshaped(to: [shape.taps, channels]).packed(
      isTransposed: false, isKept: true, input.precision)
    return Tensor(uninitialized: [batch, shape.outputHeight, shape.outputWidth, channels]) {
      pixels.product(
        in: input, packed, columns: channels, bias: bias, rectifies: relu,
        targets: (0..<pixels.rowCount).map { $0 * channels }, into: $0)
    }
  }

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
    if let winograd { return winograd.weightGradient(input.tensor, upstream) }
    guard let pixels else { return weightGradientByImages(upstream) }
    return pixels.gradient(in: input, Operand(upstream, input.precision))
      .reshaped(to: weight.shape)
  }

  private func inputGradient(_ upstream: Tensor) -> Tensor {
    if let winograd { return winograd.inputGradient(upstream, weight) }
    // With few input channels the vectors of a transposed convolution would be mostly empty.
    return pixels == nil
      ? inputGradientByColumns(upstream).cropped(by: geometry.padding)
      : TransposedConvolution(shape, padding: geometry.padding)(
        upstream, weight, input.precision)
  }
}
