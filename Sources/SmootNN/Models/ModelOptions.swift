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
  /// What happens among the cells of the last feature map of a convolutional or residual network.
  public var head: FeatureHead.Kind?
  /// The probability with which such a head drops keys or weights in training.
  public var maskRatio: Float?
  /// What the linear layers see of the cells.
  public var readout: FeatureHead.Readout?
  /// Rows and columns of cells that the feature map is averaged to.
  public var headCells: Int?
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
    case stem, head
    case maskRatio = "mask_ratio"
    case readout
    case headCells = "head_cells"
    case resize, interpolation
  }

  /// The usual values.
  public init() {}

  /// Reads options; those that are not there have their usual values.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, usual: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    width = try value(.width, usual: nil)
    depth = try value(.depth, usual: nil)
    heads = try value(.heads, usual: nil)
    patchSize = try value(.patchSize, usual: nil)
    isDistilled = try value(.isDistilled, usual: isDistilled)
    dropout = try value(.dropout, usual: dropout)
    pathDropout = try value(.pathDropout, usual: pathDropout)
    stem = try value(.stem, usual: nil)
    head = try value(.head, usual: nil)
    maskRatio = try value(.maskRatio, usual: nil)
    readout = try value(.readout, usual: nil)
    headCells = try value(.headCells, usual: nil)
    resize = try value(.resize, usual: nil)
    interpolation = try value(.interpolation, usual: interpolation)
  }

  /// The head of a network; `nil` for a transformer, which has none to choose.
  public func head(of family: ModelFamily) -> FeatureHead.Options? {
    guard family != .transformer else { return nil }
    return FeatureHead.Options(
      kind: head ?? .linear, readout: readout ?? (family == .convolutional ? .flatten : .mean),
      maskRatio: maskRatio ?? FeatureHead.Options.usualMaskRatio, cells: headCells)
  }
}
