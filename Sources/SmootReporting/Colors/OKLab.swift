import Foundation

/// A colour in OKLab, a space in which equal distances look about equally large.
///
/// Björn Ottosson, A perceptual color space for image processing (2020).
package struct OKLab: Equatable, Sendable {
  /// Perceived lightness: 0 is black, 1 is white.
  package var lightness: Double
  /// From green (negative) to red.
  package var a: Double
  /// From blue (negative) to yellow.
  package var b: Double

  package init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// Makes a colour from its distance to grey and its hue in degrees.
  package init(lightness: Double, chroma: Double, hue: Double) {
    let angle = hue * .pi / 180
    self.init(lightness: lightness, a: chroma * cos(angle), b: chroma * sin(angle))
  }

  /// The place of an sRGB colour, its opacity left out.
  package init(_ color: RGBAColor) {
    let red = Self.linear(color.red)
    let green = Self.linear(color.green)
    let blue = Self.linear(color.blue)
    let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    self.init(
      lightness: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      a: 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      b: 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
  }

  /// How different two colours look.
  package func distance(to other: OKLab) -> Double {
    let l = lightness - other.lightness
    let da = a - other.a
    let db = b - other.b
    return (l * l + da * da + db * db).squareRoot()
  }

  /// The nearest 8-bit sRGB colour, each channel cut off where a screen cannot show it.
  var color: RGBAColor {
    let channels = linearChannels.map { UInt8((Self.encoded(min(max($0, 0), 1)) * 255).rounded()) }
    return RGBAColor(red: channels[0], green: channels[1], blue: channels[2])
  }

  /// Whether sRGB has this colour.
  var isDisplayable: Bool { linearChannels.allSatisfy { $0 >= -1e-9 && $0 <= 1 + 1e-9 } }

  private var linearChannels: [Double] {
    let l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
    let m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
    let s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
  }

  private static func linear(_ channel: UInt8) -> Double {
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  private static func encoded(_ value: Double) -> Double {
    value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
  }
}
