import CSmootKernels
import SmootTensor

/// A convolution of channels-last images, with a bias and perhaps a ReLU.
package struct Convolution: WeightedOperation, SummingOperation {
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
  var input: Tensor { plan.input }

  func backward(
    _ gradient: Tensor, needs: [Bool], addingTo sum: consuming Tensor?
  ) -> [Tensor?] {
    let upstream = rectified.map { gradient.rectified(by: $0) } ?? gradient
    return [
      needs[0] ? inputGradient(upstream, addingTo: sum) : nil,
      needs[1] ? weightGradient(upstream) : nil,
    ] + (hasBias ? [needs[2] ? upstream.columnSums(Int(shape.output_channels)) : nil] : [])
  }

  package func applied(to input: Variable, weight: Variable, bias: Variable?) -> Variable {
    input.convolution(weight, bias: bias, geometry: geometry)
  }

  private func weightGradient(_ upstream: Tensor) -> Tensor {
    guard let winograd = plan.winograd else { return weightGradient(upstream, plan) }
    guard !winograd.hasWeightGradient else {
      return winograd.weightGradient(input, upstream)
    }
    return weightGradient(
      upstream, ConvolutionPlan(input, weight.shape, geometry, winograd.precision, .direct))
  }

  private func weightGradient(_ upstream: Tensor, _ plan: ConvolutionPlan) -> Tensor {
    guard let pixels = plan.pixels else { return weightGradientByImages(upstream) }
    let input = plan.input
    return pixels.gradient(in: input, upstream.converted(to: input.precision))
      .reshaped(to: weight.shape)
  }

  /// The gradient of the images, given that of the sums.
  ///
  /// - Parameter sum: what the gradient is added to.
  func inputGradient(_ upstream: Tensor, addingTo sum: consuming Tensor?) -> Tensor {
    if let winograd = plan.winograd {
      return winograd.inputGradient(upstream, weight, addingTo: sum)
    }
    guard plan.pixels == nil else {
      return TransposedConvolution(shape, padding: geometry.padding)(
        upstream, weight, input.precision, addingTo: sum)
    }
    // With few input channels the vectors of a transposed convolution would be mostly empty.
    var gradient = inputGradientByColumns(upstream).cropped(by: geometry.padding)
    if let sum { gradient.add(sum) }
    return gradient
  }
}
