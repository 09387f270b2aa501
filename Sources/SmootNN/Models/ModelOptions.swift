public import SmootTensor

/// What a network is beyond its name; `nil` stands for the name's usual value.
public struct ModelOptions: Sendable, Equatable, Codable {
  /// Numbers in a token of a transformer.
  public var width: Int?
  /// Blocks of a transformer.
  public var depth: Int?
  /// Attention heads of a transformer.
  public var heads: Int?
  /// Rows and columns of a transformer's patches.
  public var patchSize: Int?
  /// Whether a transformer has a distillation token and a second head, as DeiT's distilled networks have.
  public var isDistilled = false
  /// Dropout rate of a transformer's tokens and branches.
  public var dropout: Float = 0
  /// Probability that the last branches of a transformer are left out for an image in training.
  public var pathDropout: Float = 0
  /// The first layers of a residual network.
  public var stem: ResNet.Stem?
  /// Height and width to which the network itself resizes its images, if it does.
  public var resize: Int?
  /// How it finds values between pixels when it does.
  public var interpolation = Interpolation.bilinear

  enum CodingKeys: String, CodingKey {
    case width = "dim"
    case depth, heads
    case patchSize = "patch_size"
    case isDistilled = "distilled"
    case dropout
    case pathDropout = "drop_path"
    case stem, resize, interpolation
  }

  /// The usual values.
  public init() {}
}
