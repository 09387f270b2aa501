import SmootTensor

/// Random changes of training images, in this order: a random resized crop, or a crop out of the padded image; a mirror image; RandAugment; colour jitter; and, once the image
/// is normalized, an erased rectangle.
///
/// The change is a pure function of a key, which names the seed and the epoch, and of the image's place in the data set. Each part's random numbers have a name of their own:
/// switching one part on leaves the others' draws alone.
public struct Augmentation: Sendable, Equatable {
  /// How many black pixels are put around the image before it is cut out again at a random place; 0 for none.
  public var cropPadding = 0
  /// The least share of the image's area that a random crop, resized to the whole, may show; `nil` for no such crop.
  public var resizedCrop: Float?
  /// Whether half of the images are mirrored, left to right.
  public var flips = false
  /// How far brightness, contrast and saturation may go from their values, as a share of them; 0 for not at all.
  public var colorJitter: Float = 0
  /// A few transforms drawn from a fixed list, if any.
  public var randAugment = RandAugment(count: 0)
  /// The probability with which a rectangle is erased.
  public var erasing: Float = 0

  /// A crop out of the padded image, and mirror images; without arguments, no change.
  public init(cropPadding: Int = 0, flips: Bool = false) {
    precondition(cropPadding >= 0, "the padding of a crop is \(cropPadding)")
    self.cropPadding = cropPadding
    self.flips = flips
  }

  /// Whether images stay as they are.
  public var isIdentity: Bool { self == Augmentation() }

  /// The changed form of an image, as bytes.
  ///
  /// - Parameters:
  ///   - source: pixel values [channels, height, width].
  ///   - size: its extents.
  ///   - key: decides the change.
  func changed(_ source: UnsafePointer<UInt8>, _ size: ImageSize, key: RandomKey) -> PixelImage {
    var image = PixelImage(source, size)
    if let resizedCrop {
      var random = RandomSequence(key.derived("resized crop"))
      let box = CropBox(least: resizedCrop, of: size, &random)
      image = image.resizedCrop(box)
    } else if cropPadding > 0 {
      let places = 2 * cropPadding + 1
      image = image.shifted(
        down: key.integer(below: places, at: 0) - cropPadding,
        right: key.integer(below: places, at: 1) - cropPadding)
    }
    if flips, key.integer(below: 2, at: 2) == 1 { image.mirror() }
    if randAugment.count > 0 {
      var random = RandomSequence(key.derived("randaugment"))
      randAugment(&image, &random)
    }
    if colorJitter > 0 {
      var random = RandomSequence(key.derived("color jitter"))
      jitter(&image, &random)
    }
    return image
  }

  /// Brightness, contrast and saturation by random factors, in random order, as torchvision's `ColorJitter` does.
  private func jitter(_ image: inout PixelImage, _ random: inout RandomSequence) {
    var changes: [(inout PixelImage, Float) -> Void] = [
      { $0.setBrightness($1) }, { $0.setContrast($1) }, { $0.setSaturation($1) },
    ]
    while !changes.isEmpty {
      let change = changes.remove(at: random.integer(below: changes.count))
      change(&image, random.uniform(in: max(0, 1 - colorJitter)...1 + colorJitter))
    }
  }

  /// Sets a random rectangle of a normalized image to 0, the mean of the data set (Zhong et al., Random Erasing Data Augmentation, 2020; torchvision's `RandomErasing`).
  ///
  /// - Parameters:
  ///   - image: [channels, height, width].
  ///   - size: its extents.
  ///   - key: decides whether and where.
  func erase(_ image: UnsafeMutablePointer<Float>, _ size: ImageSize, key: RandomKey) {
    var random = RandomSequence(key.derived("erasing"))
    guard erasing > 0, random.uniform() < erasing,
      let box = CropBox(area: 0.02...0.33, ratio: 0.3...3.3, of: size, &random, fits: <)
    else { return }
    for channel in 0..<size.channels {
      for row in box.top..<box.top + box.height {
        let start = (channel * size.height + row) * size.width + box.left
        (image + start).update(repeating: 0, count: box.width)
      }
    }
  }
}
