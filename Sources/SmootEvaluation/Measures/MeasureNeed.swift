/// What a measure needs besides images, classes, maps and the network.
public enum MeasureNeed: String, Sendable, Codable, CaseIterable {
  /// Which pixels of each image are the object: ``EvaluationBatch/objects``.
  case objects
  /// A way to explain other images or networks: ``Explanation/explainer``.
  case explainer
  /// A way to make a network with new weights: ``Explanation/makeModel``.
  case newModels
  /// A network that was trained on permuted labels: ``Explanation/randomLabelModel``.
  case randomLabelModel

  /// The need in words.
  var words: String {
    switch self {
    case .objects: "which pixels of each image are the object"
    case .explainer: "a way to explain other images (maps from files alone are not enough)"
    case .newModels: "a way to make the network with new weights"
    case .randomLabelModel: "a network that was trained on permuted labels"
    }
  }
}
