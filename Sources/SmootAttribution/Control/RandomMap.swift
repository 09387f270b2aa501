public import SmootNN
public import SmootTensor

/// Independent uniform random numbers: what every method must beat.
public struct RandomMap: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) { self.init() }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "random", family: .control, summary: "random numbers", cost: "none")

  /// Numbers in [0, 1), [batch, 1, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let (height, width) = (images.shape[2], images.shape[3])
    return Attribution(
      Tensor(uninitialized: [images.shape[0], 1, height, width]) { target in
        parallelFor(images.shape[0]) { image in
          context.key("random map", image: image, sample: 0)
            .writeUniform(target + image * height * width, count: height * width)
        }
      }, hasGradient: false)
  }
}
