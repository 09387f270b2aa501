public import SmootTensor

extension ImageFolder {
  /// How the pictures of a folder become a data set.
  public struct Options: Sendable {
    /// The extents that every picture is brought to; 1 or 3 channels.
    public var size: ImageSize
    /// How pixel values become network inputs.
    public var normalization: Normalization
    /// Where decoded pictures are kept.
    public var cache = PictureCache.auto
    /// Whether pictures that cannot be used are left out; otherwise they are an error.
    public var skipsBadPictures = false
    /// The places of pictures that are left out in any case; then no other may be bad.
    public var excluded: Set<Int>?

    /// The usual way.
    public init(size: ImageSize, normalization: Normalization? = nil) {
      self.size = size
      self.normalization = normalization ?? .imageNet(channels: size.channels)
    }
  }

  /// A part of the folder as a data set.
  public struct Loaded: Sendable {
    /// The pictures that can be used; their indices count the others too.
    public let dataset: ImageDataset
    /// The pictures that were left out because they cannot be used.
    public let bad: [BadPicture]
    /// Where the decoded pictures are.
    public let cache: PictureCache
  }

  /// Decodes every picture of a part once, and keeps the pixel values where the options say.
  ///
  /// - Parameters:
  ///   - split: which part.
  ///   - options: how.
  ///   - progress: told how many pictures are done and how many there are.
  /// - Throws: ``DatasetError``; `badPictures` for pictures that cannot be used, unless they are to be left out.
  public func load(
    _ split: KnownDataset.Split, options: Options, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetError) -> Loaded {
    let list = split == .train ? training : test
    let values = options.size.channels * options.size.pixels
    let (bytes, overflow) = values.multipliedReportingOverflow(by: list.entries.count)
    guard !overflow else {
      throw .badFolder(path: path, reason: "pictures of \(options.size) need too much room")
    }
    let cache = options.cache.resolved(bytes: bytes)
    var reader = PictureReading(list: list, options: options)
    let storage: PixelStorage
    switch cache {
    case .memory, .auto: storage = .memory(try reader.intoMemory(progress))
    case .none:
      try reader.forgetting(progress)
      storage = .pictures(list, options.size, .init())
    case .disk: storage = .file(try reader.intoFile(progress), .init())
    }
    try check(reader.bad, options)
    let isOut = Set(reader.bad.map(\.index)).union(options.excluded ?? [])
    let indices = list.entries.indices.filter { !isOut.contains($0) }
    guard !indices.isEmpty else {
      throw .badFolder(path: path, reason: "no picture of the part \(split.rawValue) can be used")
    }
    let dataset = ImageDataset(
      name: name, split: split.rawValue, size: options.size, classNames: classNames,
      normalization: options.normalization, storage: storage,
      labels: list.entries.map(\.label), indices: indices,
      digestOfAll: ImageDataset.digest(
        pixels: reader.hash, labels: indices.map { list.entries[$0].label }))
    return Loaded(dataset: dataset, bad: reader.bad, cache: cache)
  }

  private func check(_ bad: [BadPicture], _ options: Options) throws(DatasetError) {
    let unexpected =
      options.excluded.map { known in bad.filter { !known.contains($0.index) } }
      ?? (options.skipsBadPictures ? [] : bad)
    guard unexpected.isEmpty else {
      throw .badPictures(folder: path, unexpected, canSkip: options.excluded == nil)
    }
  }
}
