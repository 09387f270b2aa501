import Foundation
import SmootTensor

/// A rectangle in an image.
package struct CropBox: Equatable {
  var top: Int
  var left: Int
  var height: Int
  var width: Int

  /// A rectangle.
  package init(top: Int, left: Int, height: Int, width: Int) {
    self.top = top
    self.left = left
    self.height = height
    self.width = width
  }

  /// A rectangle of random area and shape at a random place; `nil` when ten tries gave none that fits.
  ///
  /// - Parameters:
  ///   - area: the share of the image's area.
  ///   - ratio: width over height, drawn evenly on a logarithmic scale.
  ///   - size: the image's extents.
  ///   - random: the draws.
  ///   - fits: compares an extent of the rectangle with the image's.
  init?(
    area: ClosedRange<Float>, ratio: ClosedRange<Float>, of size: ImageSize,
    _ random: inout RandomSequence, fits: (Int, Int) -> Bool = (<=)
  ) {
    for _ in 0..<10 {
      let pixels = Float(size.pixels) * random.uniform(in: area)
      let shape = exp(random.uniform(in: log(ratio.lowerBound)...log(ratio.upperBound)))
      let width = Int((pixels * shape).squareRoot().rounded())
      let height = Int((pixels / shape).squareRoot().rounded())
      guard width > 0, height > 0, fits(width, size.width), fits(height, size.height) else {
        continue
      }
      self.init(
        top: random.integer(below: size.height - height + 1),
        left: random.integer(below: size.width - width + 1), height: height, width: width)
      return
    }
    return nil
  }

  /// The box of a random resized crop (torchvision's `RandomResizedCrop`): at least a share of the area, width over height between 3/4 and 4/3; the whole image where ten
  /// tries gave none.
  init(least area: Float, of size: ImageSize, _ random: inout RandomSequence) {
    self =
      CropBox(area: area...1, ratio: 3 / 4...4 / 3, of: size, &random)
      ?? CropBox(top: 0, left: 0, height: size.height, width: size.width)
  }
}
