public import SmootNN

/// What an attribution method is, for lists and help.
public struct MethodDescription: Sendable {
  /// What methods have in common.
  public enum Family: String, Sendable, CaseIterable {
    /// Gradients with respect to the image.
    case gradient
    /// A score sent back through the network by rules of its own.
    case propagation
    /// What becomes of the score when the image changes.
    case perturbation
    /// Weighted feature maps.
    case classActivation = "class activation"
    /// Attention.
    case transformer
    /// What every method must beat.
    case control
  }

  /// The method's name in commands, such as `integrated-gradients`.
  public let name: String
  /// What it belongs to.
  public let family: Family
  /// One line.
  public let summary: String
  /// What an image costs, in forward (F) and backward (B) passes.
  public let cost: String
  /// The families of networks that it has a meaning for.
  public let suits: [ModelFamily]
  /// What can be chosen.
  public let options: [MethodOption]

  /// Makes a description.
  public init(
    name: String, family: Family, summary: String, cost: String,
    suits: [ModelFamily] = ModelFamily.allCases, options: [MethodOption] = []
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.cost = cost
    self.suits = suits
    self.options = options
  }
}
