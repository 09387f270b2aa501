import SmootTensor

/// Random changes of training images: a crop out of the padded image, and a mirror image half of the time.
///
/// The change is a pure function of a key, which names the seed and the epoch, and of the image's place in the data set.
public struct Augmentation: Sendable, Equatable {
  /// How many black pixels are put around the image before it is cut out again at a random place; 0 for none.
  public var cropPadding: Int
  /// Whether half of the images are mirrored, left to right.
  public var flips: Bool

  /// Makes an augmentation.
  public init(cropPadding: Int = 0, flips: Bool = false) {
    precondition(cropPadding >= 0, "the padding of a crop is \(cropPadding)")
    self.cropPadding = cropPadding
    self.flips = flips
  }

  /// Whether images stay as they are.
  public var isIdentity: Bool { cropPadding == 0 && !flips }

  /// Writes the changed form of an image.
  ///
  /// - Parameters:
  ///   - image: pixel values [channels, height, width].
  ///   - size: its extents.
  ///   - key: decides the change.
  ///   - result: the changed pixel values.
  func apply(
    to image: UnsafePointer<UInt8>, _ size: ImageSize, key: RandomKey,
    into result: UnsafeMutablePointer<UInt8>
  ) {
    let places = 2 * cropPadding + 1
    let down = key.integer(below: places, at: 0) - cropPadding
    let right = key.integer(below: places, at: 1) - cropPadding
    let isMirrored = flips && key.integer(below: 2, at: 2) == 1
    var target = result
    for channel in 0..<size.channels {
      let plane = image + channel * size.pixels
      for row in 0..<size.height {
        let source = plane + (row + down) * size.width
        let isInside = (0..<size.height).contains(row + down)
        for column in 0..<size.width {
          let from = (isMirrored ? size.width - 1 - column : column) + right
          target.pointee = isInside && (0..<size.width).contains(from) ? source[from] : 0
          target += 1
        }
      }
    }
  }
}
