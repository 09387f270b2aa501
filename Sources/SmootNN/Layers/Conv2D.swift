public import SmootAutodiff
import SmootTensor

/// A two-dimensional convolution with a bias.
///
/// Input [batch, height, width, inputChannels], output [batch, outputHeight, outputWidth, outputChannels] with
/// outputHeight = (height + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1. As in every deep learning library the kernel is not flipped.
public struct Conv2D {
  /// The kernel; in files [outputChannels, inputChannels / groups, kernelSize, kernelSize].
  public let weight: Parameter
  /// What is added to each output channel, [outputChannels].
  public let bias: Parameter?
  /// How the kernel walks over the image.
  public let geometry: ConvolutionGeometry

  /// Makes a layer, unless told otherwise with PyTorch's initial values: uniform in ±1/sqrt(fan-in).
  ///
  /// - Parameters:
  ///   - scope: where the names and the initial values of the parameters come from.
  ///   - inputChannels: channels of the input.
  ///   - outputChannels: channels of the output.
  ///   - kernelSize: rows and columns of the kernel.
  ///   - geometry: stride, padding, dilation and groups.
  ///   - hasBias: whether there is a bias.
  ///   - weight: how the kernel is drawn.
  public init(
    _ scope: ParameterScope, inputChannels: Int, outputChannels: Int, kernelSize: Int,
    geometry: ConvolutionGeometry = ConvolutionGeometry(), hasBias: Bool = true,
    weight: Initializer? = nil
  ) {
    let perGroup = inputChannels / geometry.groups
    let initializer = Initializer.uniformFanIn(perGroup * kernelSize * kernelSize)
    self.weight = scope.parameter(
      "weight", [kernelSize, kernelSize, perGroup, outputChannels], weight ?? initializer,
      layout: .convolution)
    bias = hasBias ? scope.parameter("bias", [outputChannels], initializer) : nil
    self.geometry = geometry
  }

  /// What training changes.
  public var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// The convolution of `input`, with whatever follows it computed in the same pass where operations may be fused.
  public func callAsFunction(
    _ input: Variable, then following: ConvolutionEpilogue = .none, _ context: ForwardContext
  ) -> Variable {
    let convolved = input.convolution(
      context.variable(weight), bias: bias.map(context.variable), geometry: geometry,
      then: context.isFused ? following : .none, context.precision,
      by: context.convolution)
    guard !context.isFused, following != .none else { return convolved }
    let rectified = convolved.relu()
    return following == .reluMaxPool ? rectified.maxPool(size: 2, stride: 2) : rectified
  }

  /// This convolution and `second`, each followed by a ReLU, and a maximum over windows of 2x2, in one pass where operations may be fused.
  ///
  /// They are separate passes unless both have a bias and neither has padding, a stride, a dilation or groups.
  func callAsFunction(
    _ input: Variable, thenPooled second: Conv2D, _ context: ForwardContext
  ) -> Variable {
    guard context.isFused, let bias, let secondBias = second.bias,
      geometry == ConvolutionGeometry(), second.geometry == ConvolutionGeometry()
    else { return second(self(input, then: .relu, context), then: .reluMaxPool, context) }
    return input.stackedConvolutions(
      (context.variable(weight), context.variable(bias)),
      (context.variable(second.weight), context.variable(secondBias)), context.precision,
      by: context.convolution)
  }
}
