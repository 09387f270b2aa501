public import SmootAutodiff
public import SmootTensor

/// What makes of the last feature map the numbers that a network's linear layers classify: the mean over its cells, or all of them, with attention among the cells before.
///
/// Attention is that of Dropout and Dropkey Grad-CAM: the cells are tokens, each of which is query, key and value as it is, with one head, no residual and no normalization; in
/// training, weights or keys are dropped at random. With uniform attention and ``Readout/mean``, the head is the mean over all cells. The papers say neither the ratio nor the
/// readout; see ``Options``.
public struct FeatureHead: Sendable {
  /// What happens among the cells.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Nothing.
    case linear
    /// Attention; in training each query lacks some keys, drawn anew for each pair of cells (Li et al., DropKey for Vision Transformer, 2023).
    case dropkey
    /// Attention; in training some of its weights are zero, and the others are scaled up (Srivastava et al., Dropout, 2014).
    case dropout
  }

  /// What the linear layers see of the cells.
  public enum Readout: String, Sendable, Codable, CaseIterable {
    /// Their mean.
    case mean
    /// All of them.
    case flatten
  }

  /// The choices of a head.
  public struct Options: Sendable, Equatable {
    /// What happens among the cells.
    public var kind: Kind
    /// What the linear layers see of the cells.
    public var readout: Readout
    /// The probability with which a key or a weight is dropped in training, in [0, 1].
    public var maskRatio: Float
    /// How many rows and columns of cells the feature map is averaged to, if it is.
    public var cells: Int?

    /// The ratio where none is chosen.
    public static let usualMaskRatio: Float = 0.3

    /// Makes options.
    public init(
      kind: Kind = .linear, readout: Readout, maskRatio: Float = usualMaskRatio, cells: Int? = nil
    ) {
      self.kind = kind
      self.readout = readout
      self.maskRatio = maskRatio
      self.cells = cells
    }
  }

  /// The most cells among which there can be attention, whose memory grows with their square.
  public static let mostCells = 1024

  /// The choices.
  public let options: Options
  /// The feature map that comes in.
  public let input: ImageSize
  /// The cells that are left of it.
  public let grid: TokenGrid

  /// Makes a head.
  ///
  /// - Parameters:
  ///   - options: the choices; `cells` divides height and width of the feature map.
  ///   - input: channels, height and width of the feature map.
  public init(_ options: Options, input: ImageSize) {
    let (rows, columns) = (options.cells ?? input.height, options.cells ?? input.width)
    precondition(
      rows > 0 && columns > 0 && input.height % rows == 0 && input.width % columns == 0,
      "a feature map of \(input) cannot be averaged to \(rows) x \(columns) cells")
    self.options = options
    self.input = input
    grid = TokenGrid(prefix: 0, rows: rows, columns: columns)
  }

  /// Whether there is attention among the cells.
  public var hasAttention: Bool { options.kind != .linear }

  /// How many numbers the linear layers see of an image.
  public var outputs: Int {
    options.readout == .mean ? input.channels : input.channels * grid.count
  }

  /// How the weight of the linear layer that follows lies in memory.
  var layout: ParameterLayout {
    options.readout == .mean
      ? .same
      : .flattenedImage(channels: input.channels, height: grid.rows, width: grid.columns)
  }

  /// What the linear layers see of feature maps.
  ///
  /// - Parameters:
  ///   - features: [batch, height, width, channels].
  ///   - context: masks are drawn in training, and wherever the context brings keys for them.
  /// - Returns: [batch, outputs].
  public func callAsFunction(_ features: Variable, _ context: ForwardContext) -> Variable {
    let (batch, channels) = (features.shape[0], input.channels)
    var x = averaged(features)
    if hasAttention {
      x = attended(x.reshaped(to: [batch * grid.count, channels]), images: batch, context)
    }
    guard options.readout == .mean else { return x.reshaped(to: [batch, outputs]) }
    return x.reshaped(to: [batch, grid.count, channels]).mean(over: [1])
      .reshaped(to: [batch, channels])
  }

  /// The cells that are left, [batch, rows, columns, channels].
  private func averaged(_ features: Variable) -> Variable {
    let (height, width) = (input.height / grid.rows, input.width / grid.columns)
    guard height > 1 || width > 1 else { return features }
    if height == width { return features.averagePool(size: height, stride: height) }
    let shape = features.shape
    return features.reshaped(to: [shape[0], grid.rows, height, grid.columns, width, shape[3]])
      .mean(over: [2, 4]).reshaped(to: [shape[0], grid.rows, grid.columns, shape[3]])
  }

  private func attended(_ tokens: Variable, images: Int, _ context: ForwardContext) -> Variable {
    let mask = mask(images: images, context)
    guard !context.isFused else {
      return tokens.selfAttention(tokens: grid.count, mask: mask, context.precision)
    }
    return tokens.separateSelfAttention(tokens: grid.count, mask: mask) {
      context.layer("head.attn_drop", $0, .attention(grid))
    }
  }

  /// What a pass leaves out, if anything.
  private func mask(images: Int, _ context: ForwardContext) -> AttentionMask? {
    guard options.maskRatio > 0, context.mode == .training || context.headMasks != nil else {
      return nil
    }
    let random = context.random.derived("head")
    let keys = context.headMasks ?? (0..<images).map { random.derived($0) }
    precondition(keys.count == images, "\(keys.count) keys for the masks of \(images) images")
    return AttentionMask(
      options.kind == .dropkey ? .keys : .weights, rate: options.maskRatio, keys: keys, heads: 1,
      tokens: grid.count)
  }
}
