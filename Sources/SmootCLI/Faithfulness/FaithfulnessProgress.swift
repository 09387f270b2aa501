/// Shows how far a job of measures is, and how long the rest takes.
struct FaithfulnessProgress {
  private var line: ProgressLine
  private var rest: [String: Int]
  private let total: Int
  private var count = 0
  private var time = RemainingTime()

  /// Begins with everything still to do.
  ///
  /// - Parameters:
  ///   - style: how progress is shown.
  ///   - parts: how many batches of each kind, a source and a measure, there are.
  init(_ style: ProgressStyle, parts: [String: Int]) {
    line = ProgressLine(style)
    rest = parts
    total = parts.values.reduce(0, +)
  }

  /// A part is done, or was done before.
  mutating func done(_ kind: String, seconds: Double, label: String, isNew: Bool) {
    count += 1
    rest[kind] = max(0, (rest[kind] ?? 0) - 1)
    time.add(kind, seconds)
    guard isNew || count == total else { return }
    let left = clockTime(time.seconds(rest))
    line.show("faithfulness \(label)", done: count, total: total, [("now", kind), ("eta", left)])
  }

  /// Takes the line off the screen.
  mutating func clear() { line.clear() }
}
