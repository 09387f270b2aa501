public import SmootNN
public import SmootTensor

/// A way to say what in an image a network's decision rests on.
///
/// A method is a small value whose properties are its options. To add one: a struct in a file of its own, an entry in ``AttributionRegistry``, and a test against a reference.
public protocol AttributionMethod: Sendable {
  /// What the method is, for lists and help.
  static var description: MethodDescription { get }

  /// Makes the method from options by name; those that are not given have their defaults.
  ///
  /// - Throws: ``AttributionError`` for a value that an option cannot have.
  init(_ options: MethodOptions) throws(AttributionError)

  /// What the method, with its options, cannot do without in a context.
  var needs: ContextNeeds { get }

  /// Explains, for each image, the score of one class.
  ///
  /// The result for an image depends on the image, the network, the options and the context's seed and index of that image, not on the other images or on the piece size.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized as the network takes them.
  ///   - targets: the class to explain for each image.
  ///   - model: the network, used in evaluation mode.
  ///   - context: what all methods have in common.
  /// - Returns: raw maps with their signs; not rectified, resized or normalized unless the method says so.
  /// - Throws: ``AttributionError`` when the method has no meaning for the network.
  func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution
}

extension AttributionMethod {
  /// Most methods need nothing.
  public var needs: ContextNeeds { [] }
}
