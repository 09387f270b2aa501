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
  /// Whether the method's definition ends with the positive part of the map, which ``AttributionMethod/attribute(_:targets:model:_:)`` leaves to whoever shows it.
  public let isRectified: Bool
  /// Whether zero stands for no importance.
  ///
  /// The weights of ``RISE`` and ``AttentionRollout`` are above zero everywhere, and only their differences say anything.
  public let hasZero: Bool
  /// What can be chosen.
  public let options: [MethodOption]

  /// Makes a description; class activation maps are rectified unless said otherwise.
  public init(
    name: String, family: Family, summary: String, cost: String,
    suits: [ModelFamily] = ModelFamily.allCases, isRectified: Bool? = nil, hasZero: Bool = true,
    options: [MethodOption] = []
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.cost = cost
    self.suits = suits
    self.isRectified = isRectified ?? (family == .classActivation)
    self.hasZero = hasZero
    self.options = options
  }
}
