/// How a convolution's kernel walks over an image, the same in both directions.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// How many pixels the kernel moves from one output to the next.
  public var stride: Int
  /// How many rows and columns of zeros surround the image.
  public var padding: Int
  /// How far apart the inputs of neighbouring kernel elements are.
  public var dilation: Int
  /// Into how many groups the channels are cut; each group of outputs sees one group of inputs.
  public var groups: Int

  /// Makes a geometry.
  public init(stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    precondition(
      stride > 0 && padding >= 0 && dilation > 0 && groups > 0,
      "a convolution cannot have stride \(stride), padding \(padding), dilation \(dilation), groups \(groups)"
    )
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }
}

/// What follows a convolution and is computed together with it, while its output is in the cache.
public enum ConvolutionEpilogue: Sendable {
  /// Nothing.
  case none
  /// ReLU.
  case relu
  /// ReLU and a maximum over windows of 2x2 that do not overlap; an odd last row or column is left out.
  case reluMaxPool
}
