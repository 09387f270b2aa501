import SmootEvaluation

/// Shows how far a job of measures is, and how long the rest takes.
struct FaithfulnessProgress {
  private var line: ProgressLine
  private var rest: [MeasuringTime.Part: Int]
  private let total: Int
  private var count = 0
  /// What is known about the time that parts take.
  var time: MeasuringTime

  /// Begins with everything still to do.
  ///
  /// - Parameters:
  ///   - style: how progress is shown.
  ///   - jobs: the jobs, one a run.
  init(_ style: ProgressStyle, _ jobs: [FaithfulnessJob]) {
    line = ProgressLine(style)
    var (rest, work) = ([MeasuringTime.Part: Int](), [MeasuringTime.Part: MeasuringTime.Work]())
    for job in jobs {
      for (part, needs) in job.work {
        rest[part, default: 0] += job.batchCount
        work[part] = needs
      }
    }
    self.rest = rest
    total = rest.values.reduce(0, +)
    time = MeasuringTime(work)
  }

  /// A part is done, or was done before.
  mutating func done(
    _ part: MeasuringTime.Part, seconds: Double, label: String, isNew: Bool
  ) {
    count += 1
    rest[part] = max(0, (rest[part] ?? 0) - 1)
    time.add(part, seconds)
    guard isNew || count == total else { return }
    let left = clockTime(time.seconds(rest, images: FaithfulnessJob.batchSize))
    line.show(
      "faithfulness \(label)", done: count, total: total,
      [("eta", left), ("now", "\(part.source) \(part.measure)")])
  }

  /// Takes the line off the screen.
  mutating func clear() { line.clear() }
}
