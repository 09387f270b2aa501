public import SmootNN
public import SmootTensor

/// The gradient of the score with respect to the image.
///
/// Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks, 2014.
public struct Gradient: AttributionMethod {
  /// Whether magnitudes are given, as Captum's `Saliency` does unless told otherwise.
  public var isAbsolute: Bool

  /// Makes the method.
  public init(isAbsolute: Bool = false) { self.isAbsolute = isAbsolute }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(isAbsolute: try options.flag("absolute", usual: false))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "gradient", family: .gradient, summary: "the gradient of the score", cost: "1F + 1B",
    options: [MethodOption("absolute", false, "whether magnitudes are given")])

  /// The gradients, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    var (pieces, saturated) = ([Tensor](), [Bool]())
    context.forEachPiece(of: targets.count) { piece in
      let pass = RecordedPass(images.sliced(axis: 0, piece), model)
      let targets = Array(targets[piece])
      pieces.append(pass.gradients(targets, context.score))
      saturated += pass.saturated(targets, context.score)
    }
    let gradients = Tensor.concatenated(pieces, axis: 0)
    return Attribution(isAbsolute ? gradients.mapped { abs($0) } : gradients, saturated: saturated)
  }
}
