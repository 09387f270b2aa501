public import SmootAutodiff
public import SmootTensor

/// A network that gives each class of an image a score, the logit.
public protocol Classifier {
  /// What images the network takes.
  var inputSize: ImageSize { get }

  /// How many classes it tells apart.
  var classCount: Int { get }

  /// What training changes, in the order of the data's way; names are unique.
  var parameters: [Parameter] { get }

  /// What a checkpoint must keep besides the parameters, such as running statistics; not touched by the optimizer.
  var buffers: [Parameter] { get }

  /// The names of the parts of the network, each with its parameters' first words, from the image to the logits; every parameter begins with one of them.
  var layers: [[String]] { get }

  /// The names of the layers that give the classes their logits; another set of classes needs other ones.
  var heads: [String] { get }

  /// The attention among the cells of the last feature map, if the network has one.
  var attentionHead: FeatureHead? { get }

  /// The part of the network whose result does not depend on the mode of the pass: what lies before the first dropout or batch normalization.
  ///
  /// Saliency is computed in evaluation mode and the loss in training mode; this part runs once for both.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized.
  ///   - context: the mode has no influence here.
  /// - Returns: whatever ``logits(features:_:)`` continues from.
  func features(_ images: Variable, _ context: ForwardContext) -> Variable

  /// The rest of the network.
  ///
  /// - Parameters:
  ///   - features: what ``features(_:_:)`` returned.
  ///   - context: the mode and the random numbers of this pass.
  /// - Returns: logits [batch, classes].
  func logits(features: Variable, _ context: ForwardContext) -> Variable

  /// A tensor of another network of the same kind, made to fit a parameter of this one: positions of another grid, say.
  ///
  /// - Parameters:
  ///   - tensor: in the order of files, and of another shape than the parameter.
  ///   - parameter: one of this network, with the tensor's name.
  ///   - names: all names that come with the tensor.
  /// - Returns: a tensor of the parameter's shape in files, or `nil` when there is no sensible one.
  func adapted(_ tensor: Tensor, to parameter: Parameter, of names: Set<String>) -> Tensor?
}

extension Classifier {
  /// No buffers.
  public var buffers: [Parameter] { [] }

  /// Each layer by itself: the names of the parameters without their last words, in the order of the parameters.
  public var layers: [[String]] {
    parameters.reduce(into: []) { layers, parameter in
      let name = parameter.name.split(separator: ".").dropLast().joined(separator: ".")
      let layer = [name.isEmpty ? parameter.name : name]
      if !layers.contains(layer) { layers.append(layer) }
    }
  }

  /// The last of the ``layers``.
  public var heads: [String] { layers.last ?? [] }

  /// None.
  public var attentionHead: FeatureHead? { nil }

  /// Nothing that does not fit is made to fit.
  public func adapted(
    _ tensor: Tensor, to parameter: Parameter, of names: Set<String>
  ) -> Tensor? { nil }

  /// The place of a parameter in ``layers``.
  public func layer(of parameter: String) -> Int {
    let place = layers.firstIndex { names in names.contains { parameter.isPart(of: $0) } }
    precondition(place != nil, "\(parameter) belongs to none of the layers \(layers)")
    return place ?? 0
  }

  /// Whether a parameter belongs to one of the ``heads``.
  public func isInHead(_ parameter: String) -> Bool {
    heads.contains { parameter.isPart(of: $0) }
  }

  /// The logits [batch, classes] of images [batch, channels, height, width].
  public func logits(_ images: Variable, _ context: ForwardContext) -> Variable {
    precondition(
      images.shape.rank == 4 && Array(images.shape.dimensions[1...]) == inputSize.dimensions,
      "the network takes images of \(inputSize), not a batch of shape \(images.shape)")
    return logits(features: features(images, context), context)
  }

  /// How many numbers training changes.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }
}

extension String {
  /// Whether this is the name of a parameter of a layer, or of one of its parts.
  fileprivate func isPart(of layer: String) -> Bool { self == layer || hasPrefix(layer + ".") }
}
