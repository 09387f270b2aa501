/// Shows how far a job is, and how long the rest takes.
struct JobProgress {
  private let title: String
  private var line: ProgressLine
  private var rest: [String: Int]
  private let total: Int
  private var count = 0
  private var time = RemainingTime()

  /// Begins with everything still to do.
  ///
  /// - Parameters:
  ///   - title: what is being done, in a word.
  ///   - style: how progress is shown.
  ///   - parts: how many batches of each kind there are.
  init(_ title: String, _ style: ProgressStyle, parts: [String: Int]) {
    self.title = title
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
    line.show("\(title) \(label)", done: count, total: total, [("now", kind), ("eta", left)])
  }

  /// Takes the line off the screen.
  mutating func clear() { line.clear() }
}
