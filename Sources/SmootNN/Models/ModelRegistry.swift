public import SmootTensor

/// Makes networks by their names in commands and checkpoints.
public enum ModelRegistry {
  /// The names of all networks.
  public static let names = ["cnn", "vit-tiny", "vit-micro", "resnet18", "resnet50"]

  /// A new network with initial values.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - options: what differs from the usual network of that name.
  ///   - inputSize: the images' extents.
  ///   - classCount: how many classes to tell apart.
  ///   - random: where the initial values come from.
  /// - Throws: ``ModelError`` when there is no such network, or none for such images.
  public static func make(
    _ name: String, _ options: ModelOptions = ModelOptions(), inputSize: ImageSize, classCount: Int,
    random: RandomKey
  ) throws(ModelError) -> any Classifier {
    try check(name, options, inputSize: inputSize)
    let size = inputSize.resized(to: options.resize)
    let network = makeNetwork(name, options, size, classCount, random)
    guard size != inputSize else { return network }
    return ResizingClassifier(
      network, inputSize: inputSize, interpolation: options.interpolation)
  }

  /// Checks that there is such a network for such images; what a file asks for must not exhaust the memory.
  ///
  /// - Throws: ``ModelError`` that names the option.
  public static func check(
    _ name: String, _ options: ModelOptions, inputSize: ImageSize
  ) throws(ModelError) {
    guard let family = ModelFamily(model: name) else {
      throw ModelError(
        "model", "there is no model \"\(name)\"; known are \(names.joined(separator: ", "))")
    }
    let size = inputSize.resized(to: options.resize)
    let sides = 6...family.largestSide
    guard (1...16).contains(size.channels), sides.contains(size.height), sides.contains(size.width)
    else {
      throw ModelError(
        options.resize == nil ? "model" : "model-resize",
        "\(name) takes images of \(sides.lowerBound) to \(sides.upperBound) pixels a side, not \(size)"
      )
    }
    guard family == .transformer else {
      try options.refuseTransformerOptions(name)
      return try checkHead(name, options, family, size)
    }
    try options.refuseOptionsOfOthers(name)
    let extents = extents(of: name, options, size)
    guard (1...4096).contains(extents.width), (1...64).contains(extents.depth) else {
      throw ModelError("dim", "a width of 1 to 4,096 and a depth of 1 to 64 can be had")
    }
    guard extents.heads > 0, extents.width % extents.heads == 0 else {
      throw ModelError("heads", "\(extents.heads) heads do not divide a width of \(extents.width)")
    }
    let patch = extents.patchSize
    guard patch > 0, size.height % patch == 0, size.width % patch == 0,
      (1...4096).contains(size.pixels / (patch * patch))
    else {
      throw ModelError(
        "patch-size",
        "images of \(size.height) x \(size.width) cannot be cut into 1 to 4,096 patches of \(patch) x \(patch)"
      )
    }
  }

  /// Checks that a network can have the head that is asked for.
  private static func checkHead(
    _ name: String, _ options: ModelOptions, _ family: ModelFamily, _ size: ImageSize
  ) throws(ModelError) {
    guard let head = options.head(of: family) else { return }
    if options.maskRatio != nil, head.kind == .linear {
      throw ModelError(
        "mask-ratio", "a linear head masks nothing; choose --head dropkey or dropout")
    }
    guard (0...1).contains(head.maskRatio), head.kind != .dropout || head.maskRatio < 1 else {
      throw ModelError("mask-ratio", "\(head.maskRatio) is not in [0, 1), or [0, 1] for dropkey")
    }
    let map =
      ResNet.Variant(rawValue: name).map {
        ResNet.featureSize(of: size, $0, stem: options.stem)
      } ?? PaperCNN.featureSize(of: size)
    let hasAttention = head.kind != .linear
    let possible = (1...min(map.height, map.width)).filter {
      map.height % $0 == 0 && map.width % $0 == 0
        && (!hasAttention || (2...FeatureHead.mostCells).contains($0 * $0))
    }
    let choices = possible.map(String.init).joined(separator: ", ")
    if let cells = head.cells, !possible.contains(cells) {
      throw ModelError(
        "head-cells",
        "a feature map of \(map.height) x \(map.width) cells can be averaged to \(choices) a side, not \(cells)"
      )
    }
    let count = head.cells.map { $0 * $0 } ?? map.pixels
    guard !hasAttention || count > 1 else {
      throw ModelError(
        "head", "attention needs two cells or more, and the feature map of \(size) has one")
    }
    guard !hasAttention || count <= FeatureHead.mostCells else {
      throw ModelError(
        "head-cells",
        "attention among \(count) cells takes too much memory (at most \(FeatureHead.mostCells)); average the feature map to \(choices) cells a side"
      )
    }
  }

  private static func makeNetwork(
    _ name: String, _ options: ModelOptions, _ size: ImageSize, _ classCount: Int,
    _ random: RandomKey
  ) -> any Classifier {
    if let variant = ResNet.Variant(rawValue: name) {
      return ResNet(
        variant, inputSize: size, classCount: classCount, stem: options.stem,
        head: options.head(of: .residual), random: random)
    }
    if ModelFamily(model: name) == .transformer {
      return VisionTransformer(
        inputSize: size, classCount: classCount, extents: extents(of: name, options, size),
        dropout: options.dropout, pathDropout: options.pathDropout, random: random)
    }
    return PaperCNN(
      inputSize: size, classCount: classCount, head: options.head(of: .convolutional),
      random: random)
  }

  private static func extents(
    of name: String, _ options: ModelOptions, _ size: ImageSize
  ) -> VisionTransformer.Extents {
    let usual = name == "vit-tiny" ? (192, 12, 3) : (64, 6, 4)
    return VisionTransformer.Extents(
      width: options.width ?? usual.0, depth: options.depth ?? usual.1,
      heads: options.heads ?? usual.2, patchSize: options.patchSize ?? size.patchSize,
      isDistilled: options.isDistilled)
  }
}

extension ModelOptions {
  /// Refuses what only a transformer has.
  fileprivate func refuseTransformerOptions(_ name: String) throws(ModelError) {
    let given = [
      ("dim", width != nil), ("depth", depth != nil), ("heads", heads != nil),
      ("patch-size", patchSize != nil), ("distilled", isDistilled), ("dropout", dropout != 0),
      ("drop-path", pathDropout != 0), ("stem", stem != nil && name == "cnn"),
    ]
    try refuse(given, name)
  }

  /// Refuses what a transformer lacks.
  fileprivate func refuseOptionsOfOthers(_ name: String) throws(ModelError) {
    try refuse(
      [
        ("stem", stem != nil), ("head", head != nil), ("mask-ratio", maskRatio != nil),
        ("readout", readout != nil), ("head-cells", headCells != nil),
      ], name)
  }

  private func refuse(_ given: [(String, Bool)], _ name: String) throws(ModelError) {
    if let option = given.first(where: \.1)?.0 {
      throw ModelError(option, "\(name) has nothing of the kind; it is for other networks")
    }
  }
}

extension ImageSize {
  /// The usual rows and columns of a patch: 4 for small images, 16 for large ones; the tokens of an image are about 50 to 200 then.
  fileprivate var patchSize: Int {
    let side = min(height, width)
    return side < 48 ? 4 : side < 112 ? 8 : 16
  }

  /// The extents after a resize to a square, if there is one.
  fileprivate func resized(to side: Int?) -> ImageSize {
    side.map { ImageSize(channels: channels, height: $0, width: $0) } ?? self
  }
}
