import Foundation
import SmootTensor

/// A few transforms in a row, each drawn from a fixed list, all of the same strength.
///
/// Cubuk et al., RandAugment, 2020; list and strengths are those of torchvision's `RandAugment` with 31 steps of strength, nearest pixels, black beyond the edge.
public struct RandAugment: Sendable, Equatable {
  /// How many transforms are applied; 0 for none.
  public var count: Int
  /// How strong they are, from 0 to 30.
  public var magnitude: Int

  /// Makes a choice of transforms.
  public init(count: Int, magnitude: Int = 9) {
    precondition(count >= 0 && (0...30).contains(magnitude), "\(count) transforms, \(magnitude)")
    self.count = count
    self.magnitude = magnitude
  }

  /// A transform.
  package enum Transform: String, CaseIterable, Sendable {
    case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast
    case sharpness, posterize, solarize, autoContrast, equalize

    /// Whether it has two directions.
    package var isSigned: Bool {
      switch self {
      case .identity, .posterize, .solarize, .autoContrast, .equalize: false
      default: true
      }
    }
  }

  func callAsFunction(_ image: inout PixelImage, _ random: inout RandomSequence) {
    for _ in 0..<count {
      let transform = Transform.allCases[random.integer(below: Transform.allCases.count)]
      let isNegative = random.integer(below: 2) == 1
      apply(transform, to: &image, sign: transform.isSigned && isNegative ? -1 : 1)
    }
  }

  /// Applies one transform in one of its directions.
  package func apply(_ transform: Transform, to image: inout PixelImage, sign: Double) {
    let strength = Double(magnitude) / 30
    let (width, height) = (Double(image.size.width), Double(image.size.height))
    let shear = sign * 0.3 * strength
    switch transform {
    case .identity: break
    case .shearX: image = image.transformed(1, shear, 0, 0, 1, 0)
    case .shearY: image = image.transformed(1, 0, 0, shear, 1, 0)
    case .translateX:
      let pixels = Int(sign * 150 / 331 * width * strength)
      image = image.shifted(down: 0, right: -pixels)
    case .translateY:
      let pixels = Int(sign * 150 / 331 * height * strength)
      image = image.shifted(down: -pixels, right: 0)
    case .rotate:
      let angle = -sign * 30 * strength * .pi / 180
      let (c, s) = (cos(angle), sin(angle))
      let (x, y) = (width / 2, height / 2)
      image = image.transformed(c, s, x - c * x - s * y, -s, c, y + s * x - c * y)
    case .brightness: image.setBrightness(Float(1 + sign * 0.9 * strength))
    case .color: image.setSaturation(Float(1 + sign * 0.9 * strength))
    case .contrast: image.setContrast(Float(1 + sign * 0.9 * strength))
    case .sharpness: image.setSharpness(Float(1 + sign * 0.9 * strength))
    case .posterize:
      let cut = (Double(magnitude) / 7.5).rounded(.toNearestOrEven)
      image.posterize(bits: 8 - Int(cut))
    case .solarize: image.solarize(threshold: 255 * (1 - strength))
    case .autoContrast: image.autoContrast()
    case .equalize: image.equalize()
    }
  }
}
