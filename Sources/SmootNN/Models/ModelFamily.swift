/// Networks that are built and trained alike.
public enum ModelFamily: Sendable, CaseIterable {
  /// The papers' convolutional network.
  case convolutional
  /// Vision transformers.
  case transformer
  /// Residual networks.
  case residual

  /// The family of a network in ``ModelRegistry``, or `nil` when there is none of this name.
  public init?(model: String) {
    switch model {
    case "cnn": self = .convolutional
    case "vit-tiny", "vit-micro": self = .transformer
    case "resnet18", "resnet50": self = .residual
    default: return nil
    }
  }

  /// Whether the result for an image depends, in training, on the other images of its batch.
  public var normalizesOverBatch: Bool { self == .residual }

  /// The largest height and width of images that the networks take.
  var largestSide: Int { self == .convolutional ? 128 : 1024 }
}
