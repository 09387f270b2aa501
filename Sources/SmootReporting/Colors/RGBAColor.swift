/// A colour in sRGB with 8 bits a channel and straight (not premultiplied) opacity.
public struct RGBAColor: Hashable, Sendable {
  /// Red in sRGB, 0 to 255.
  public var red: UInt8
  /// Green in sRGB, 0 to 255.
  public var green: UInt8
  /// Blue in sRGB, 0 to 255.
  public var blue: UInt8
  /// Opacity: 0 is clear, 255 covers what lies below.
  public var alpha: UInt8

  /// Makes a colour from its channels, 0 to 255.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// Makes an opaque colour from a number such as `0x0072B2`.
  public init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// Makes an opaque grey from its brightness in sRGB.
  public init(gray: UInt8) { self.init(red: gray, green: gray, blue: gray) }

  /// Opaque white.
  public static let white = RGBAColor(gray: 255)
  /// Opaque black.
  public static let black = RGBAColor(gray: 0)
  /// Nothing at all.
  public static let clear = RGBAColor(red: 0, green: 0, blue: 0, alpha: 0)

  /// The same colour with its opacity multiplied by `factor`, in [0, 1].
  public func opacity(_ factor: Double) -> RGBAColor {
    var result = self
    result.alpha = UInt8((Double(alpha) * min(max(factor, 0), 1)).rounded())
    return result
  }

  /// What is seen where this colour, with its opacity multiplied by `coverage` in [0, 1], is laid
  /// over `background`.
  public func over(_ background: RGBAColor, coverage: Double = 1) -> RGBAColor {
    let above = Double(alpha) / 255 * coverage
    let below = Double(background.alpha) / 255 * (1 - above)
    let total = above + below
    guard total > 0 else { return .clear }
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(((Double(a) * above + Double(b) * below) / total).rounded())
    }
    return RGBAColor(
      red: mix(red, background.red), green: mix(green, background.green),
      blue: mix(blue, background.blue), alpha: UInt8((total * 255).rounded()))
  }

  /// The colour without its opacity, written `#rrggbb`.
  var hexadecimal: String {
    let digits = [red, green, blue].map { value in
      let text = String(value, radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "#" + digits.joined()
  }
}
