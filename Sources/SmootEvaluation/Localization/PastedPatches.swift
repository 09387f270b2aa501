public import SmootDatasets
public import SmootTensor

/// Pictures with known ground truth: a patch of an image of the class is pasted at a random place on a background that has nothing of it.
///
/// A map of the class ought to lie on the patch: what ``Localization`` measures. Each picture depends on the seed and on its image's index alone. The idea is that of Zhang et al.'s
/// pointing game on data sets without boxes, and of the grids of Böhle et al. (Convolutional Dynamic Alignment Networks, 2021); placing and sizes are ours.
/// A network was trained on whole images, so some patches it does not recognize; whether it does is for the caller to ask.
public struct PastedPatches: Sendable {
  /// What is pasted.
  public enum Patch: String, Sendable, Codable, CaseIterable {
    /// The whole image, made smaller (bilinear with antialiasing).
    case shrunk
    /// The middle of the image.
    case cropped
  }

  /// What it is pasted on.
  public enum Background: String, Sendable, Codable, CaseIterable {
    /// An image of another class.
    case otherClass = "other-class"
    /// The mean of the image's own channels.
    case mean
    /// Uniform noise over all pixel values.
    case noise
  }

  /// The choices of the pictures.
  public struct Options: Sendable, Equatable, Codable {
    /// What is pasted.
    public var patch = Patch.shrunk
    /// What it is pasted on.
    public var background = Background.otherClass
    /// The side of the patch as a share of the image's side.
    public var side = 0.5
    /// Where places, backgrounds and noise come from.
    public var seed: UInt64 = 1

    /// The default choices.
    public init() {}
  }

  /// The pictures, in memory, and where their patches are.
  public struct Pictures: Sendable {
    /// The pictures with the classes of their patches; index i is that of the i-th place asked for.
    public let dataset: ImageDataset
    /// Where the patch of each picture is.
    public let patches: [PatchRectangle]

    /// 1 where a pixel belongs to the patch, else 0, for some of the pictures; [batch, height x width].
    public func objects(_ places: [Int]) -> Tensor {
      let size = dataset.size
      return Tensor(
        places.flatMap { place in
          (0..<size.pixels).map { pixel in
            patches[place].contains(row: pixel / size.width, column: pixel % size.width) ? 1 : 0
          }
        }, shape: [places.count, size.pixels])
    }
  }

  /// The images that patches and backgrounds come from.
  public let source: ImageDataset
  /// The choices of the pictures.
  public let options: Options
  /// The places of each class's images in the source.
  private let places: [[Int]]

  /// Prepares pictures.
  ///
  /// - Throws: ``MeasureError/unfit(measure:reason:)`` when there is no other class to take backgrounds from, or the patch would have no pixels.
  public init(_ source: ImageDataset, options: Options = Options()) throws(MeasureError) {
    self.source = source
    self.options = options
    var places = [[Int]](repeating: [], count: source.classNames.count)
    for (place, label) in source.labels.enumerated() { places[Int(label)].append(place) }
    self.places = places
    guard options.background != .otherClass || places.count(where: { !$0.isEmpty }) > 1 else {
      throw .unfit(
        measure: "pasted patches",
        reason: "\(source.name) has images of one class only, so none for backgrounds")
    }
    guard options.side > 0, options.side <= 1, rows > 0, columns > 0 else {
      throw .unfit(
        measure: "pasted patches",
        reason:
          "a patch of \(options.side) of the side of images of \(source.size) cannot be had; take a share above 0 and up to 1"
      )
    }
  }

  private var rows: Int { Int((Double(source.size.height) * options.side).rounded()) }
  private var columns: Int { Int((Double(source.size.width) * options.side).rounded()) }

  /// The pictures of some images of the source, each with the patch of one of them.
  public func pictures(_ wanted: [Int]) throws -> Pictures {
    let size = source.size
    let labels = source.labels
    var bytes: [UInt8] = []
    bytes.reserveCapacity(wanted.count * size.channels * size.pixels)
    var rectangles: [PatchRectangle] = []
    for start in stride(from: 0, to: wanted.count, by: 256) {
      let piece = Array(wanted[start..<min(wanted.count, start + 256)])
      let keys = piece.map {
        RandomKey(seed: options.seed).derived("pasted patches").derived(source.indices[$0])
      }
      let patches = patches(piece)
      var pictures = backgrounds(piece, keys, labels)
      for image in piece.indices {
        let rectangle = PatchRectangle(
          top: keys[image].integer(below: size.height - rows + 1, at: 0),
          left: keys[image].integer(below: size.width - columns + 1, at: 1), height: rows,
          width: columns)
        rectangles.append(rectangle)
        paste(patches, &pictures, image, rectangle)
      }
      bytes += pictures
    }
    try source.checkReadable()
    return Pictures(
      dataset: ImageDataset(
        name: source.name + "-pasted-patches", split: source.split, size: size,
        classNames: source.classNames, normalization: source.normalization, pixels: bytes,
        labels: wanted.map { labels[$0] }),
      patches: rectangles)
  }

  /// Puts a patch into its picture.
  private func paste(
    _ patches: [UInt8], _ pictures: inout [UInt8], _ image: Int, _ rectangle: PatchRectangle
  ) {
    let size = source.size
    for channel in 0..<size.channels {
      let plane = image * size.channels + channel
      for row in 0..<rows {
        let from = (plane * rows + row) * columns
        let to = (plane * size.height + rectangle.top + row) * size.width + rectangle.left
        pictures.replaceSubrange(to..<to + columns, with: patches[from..<from + columns])
      }
    }
  }

  /// The patches of some images; [images, channels, rows, columns].
  private func patches(_ piece: [Int]) -> [UInt8] {
    let size = source.size
    let images = source.batch(piece).images
    switch options.patch {
    case .shrunk:
      let small = images.resampled(
        rows: Interpolation.bilinear.matrix(from: size.height, to: rows, antialias: true),
        columns: Interpolation.bilinear.matrix(from: size.width, to: columns, antialias: true))
      return PixelBytes.bytes(of: small, source.normalization)
    case .cropped:
      let (top, left) = ((size.height - rows) / 2, (size.width - columns) / 2)
      return PixelBytes.bytes(
        of: images.sliced(axis: 2, top..<top + rows).sliced(axis: 3, left..<left + columns),
        source.normalization)
    }
  }

  /// The backgrounds of some images; [images, channels, height, width].
  private func backgrounds(_ piece: [Int], _ keys: [RandomKey], _ labels: [Int32]) -> [UInt8] {
    let size = source.size
    let values = size.channels * size.pixels
    switch options.background {
    case .otherClass:
      let others = zip(piece, keys).map { place, key in
        var rank = key.integer(
          below: source.count - places[Int(labels[place])].count, at: 2)
        for (label, members) in places.enumerated() where label != Int(labels[place]) {
          if rank < members.count { return members[rank] }
          rank -= members.count
        }
        return place
      }
      return PixelBytes.bytes(of: source.batch(others).images, source.normalization)
    case .mean:
      let images = source.batch(piece).images
      return PixelBytes.bytes(
        of: images.mean(over: [2, 3]).broadcast(to: images.shape), source.normalization)
    case .noise:
      return keys.flatMap { key in
        let key = key.derived("noise")
        return (0..<values).map { UInt8(key.value(at: UInt64($0)) >> 24) }
      }
    }
  }
}
