public import SmootAutodiff
public import SmootTensor

/// A network that resizes its images first, as a part of itself: masks and saliency live on the small images, and gradients flow through the resize.
public struct ResizingClassifier: ClassifierWrapper {
  /// The images before the resize.
  public let inputSize: ImageSize
  /// The network that takes the resized images.
  public let base: any Classifier
  /// How values between pixels are found.
  public let interpolation: Interpolation

  /// Puts a resize in front of a network.
  ///
  /// - Parameters:
  ///   - base: the network.
  ///   - inputSize: the images' extents, with as many channels as the network takes.
  ///   - interpolation: how values between pixels are found.
  public init(_ base: any Classifier, inputSize: ImageSize, interpolation: Interpolation) {
    precondition(
      inputSize.channels == base.inputSize.channels,
      "images of \(inputSize) cannot become images of \(base.inputSize)")
    self.base = base
    self.inputSize = inputSize
    self.interpolation = interpolation
  }

  /// The features of the resized images.
  public func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    let (height, width) = (base.inputSize.height, base.inputSize.width)
    return base.features(images.resized(height: height, width: width, interpolation), context)
  }
}
