import Foundation

/// Writes numbers as people read them, the same in every locale.
public enum NumberFormat {
  /// A number with `digits` digits after the point; `nan`, `inf` and `-inf` stay words, and nothing
  /// is a negative zero.
  public static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return word(value) }
    let text = String(format: "%.\(max(digits, 0))f", value)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// A number rounded to `digits` digits, as `0.0123`, `1240`, or `1.2e-07` outside of 0.0001 to
  /// 999,999.
  public static func significant(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return word(value) }
    guard value != 0 else { return "0" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    if exponent < -4 || exponent > 5 {
      return String(format: "%.\(max(digits - 1, 0))e", value)
    }
    return fixed(value, digits: max(digits - 1 - exponent, 0))
  }

  /// A whole number in groups of three digits, any other rounded to four digits: `60,000`, `392.5`.
  public static func brief(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9
      ? grouped(Int(value)) : significant(value, digits: 4)
  }

  /// A written number with a minus sign instead of the hyphen, for figures.
  static func typeset(_ number: String) -> String {
    number.replacingOccurrences(of: "-", with: "−")
  }

  /// A number with as few digits as give it back: `99`, `99.5`.
  public static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return word(value) }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  /// A whole number with commas between groups of three digits: `54,000`.
  public static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A time in seconds as `0:14`, `10:41` or `1:02:03`, rounded to whole seconds; `-:--` if it is
  /// not known.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "-:--" }
    let total = Int(seconds.magnitude.rounded())
    let sign = seconds < 0 && total > 0 ? "-" : ""
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0
      ? "\(sign)\(hours):\(two(minutes)):\(two(rest))" : "\(sign)\(minutes):\(two(rest))"
  }

  /// A number of bytes in powers of 1,000 with at most one digit after the point: `812 B`, `7.2
  /// MB`, `210 MB`.
  public static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = Double(count)
    var unit = 0
    // 999.5 would be written 1000.
    while abs(value) >= (unit == 0 ? 1000 : 999.5), unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let digits = unit > 0 && abs(value) < 9.95 ? 1 : 0
    return "\(fixed(value, digits: digits)) \(units[unit])"
  }

  /// How many of something a second: `1,420 images/s`, `3.4 images/s` below ten.
  public static func rate(_ perSecond: Double, of things: String) -> String {
    guard perSecond.isFinite, abs(perSecond) < 1e15 else { return "\(word(perSecond)) \(things)/s" }
    let number =
      abs(perSecond) < 9.95
      ? fixed(perSecond, digits: 1) : grouped(Int(perSecond.rounded()))
    return "\(number) \(things)/s"
  }

  private static func word(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }
}
