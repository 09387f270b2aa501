import Foundation

/// Shows how far a job is.
struct ProgressLine {
  private let style: ProgressStyle
  private let begin = ContinuousClock.now
  private var last = ContinuousClock.now - .seconds(3600)
  private var isDrawn = false

  /// Makes a line in a style.
  init(_ style: ProgressStyle) {
    self.style = style == .auto ? (Console.isTerminal ? .bar : .plain) : style
  }

  /// Shows the state of a job, if it is time to.
  ///
  /// - Parameters:
  ///   - label: what is being done, such as `epoch 3/20`.
  ///   - done: how much is done.
  ///   - total: how much there is.
  ///   - fields: names and values to show.
  mutating func show(
    _ label: String, done: Int, total: Int, _ fields: @autoclosure () -> [(String, String)]
  ) {
    guard style != .none else { return }
    let now = ContinuousClock.now
    guard now - last >= (style == .bar ? .milliseconds(100) : .seconds(30)) else { return }
    last = now
    switch style {
    case .bar:
      let line = Self.bar(label, done: done, total: total, fields(), width: Console.width)
      Console.write("\r\u{1b}[2K" + line, to: 2)
      isDrawn = true
    case .json:
      let values = [("label", label), ("done", "\(done)"), ("total", "\(total)")] + fields()
      let texts = values.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
      Console.note("{\(texts)}")
    case .plain, .auto, .none:
      let values = [("done", "\(done)/\(total)")] + fields()
      let texts = values.map { "\($0.0)=\($0.1.replacing(" ", with: "_"))" }
      Console.note(
        "\(Date.now.formatted(.iso8601)) \(label.replacing(" ", with: "_")) "
          + texts.joined(separator: " "))
    }
  }

  /// Takes the line off the screen, so that other text can be written.
  mutating func clear() {
    if isDrawn { Console.write("\r\u{1b}[2K", to: 2) }
    isDrawn = false
  }

  /// One line of at most `width` columns: label, bar, share, fields.
  static func bar(
    _ label: String, done: Int, total: Int, _ fields: [(String, String)], width: Int
  ) -> String {
    let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
    let cells = 20
    let full = Int(share * Double(cells))
    let drawing =
      String(repeating: "━", count: full) + String(repeating: "╌", count: cells - full)
    let percent = String(format: "%3d%%", Int(share * 100))
    var line = "\(label)  \(drawing)  \(percent)"
    for (name, value) in fields { line += "  \(name) \(value)" }
    return String(line.prefix(max(0, width - 1)))
  }
}

/// A length of time as people write it: 0:07, 12:30, 1:02:03.
func clockTime(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e7 else { return "?" }
  let whole = Int(seconds.rounded())
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  return hours > 0
    ? String(format: "%d:%02d:%02d", hours, minutes, whole % 60)
    : String(format: "%d:%02d", minutes, whole % 60)
}

/// A number with a fixed count of digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
