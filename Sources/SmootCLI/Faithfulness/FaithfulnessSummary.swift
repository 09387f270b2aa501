import Smoot

/// Puts the numbers of all images together.
struct FaithfulnessSummary {
  let plan: FaithfulnessPlan
  /// The runs' names.
  let names: [String]
  /// For each run what was found.
  let results: [[FaithfulnessJob.Result]]

  /// The report of all runs.
  func report(conditions: [String: String]) -> FaithfulnessReport {
    var entries: [FaithfulnessReport.Entry] = []
    var times: [FaithfulnessReport.Time] = []
    var curves: [FaithfulnessReport.Curve] = []
    for (name, results) in zip(names, results) {
      for result in results {
        entries += result.measure.scores.map { self.entry(name, result, $0) }
        curves += self.curves(name, result)
        times.append(
          FaithfulnessReport.Time(
            run: name, method: result.source.name, measure: result.measure.name,
            seconds: result.seconds))
      }
      for source in plan.sources {
        // Localization has maps of its own, of other pictures.
        let made = results.first { $0.source.name == source.name && !$0.measure.needsObjects }
        guard source.canExplain, let made else { continue }
        times.append(
          FaithfulnessReport.Time(
            run: name, method: source.name, measure: "maps", seconds: made.mapSeconds))
      }
    }
    return FaithfulnessReport(
      conditions: conditions, runs: names, methods: plan.sources.map(\.name),
      controls: plan.sources.map(\.name).filter { $0 == MapSource.controlName },
      scores: plan.measures.flatMap { measure in
        measure.scores.map {
          FaithfulnessReport.Score(
            name: $0.name, title: $0.title, measure: measure.name,
            isLowerBetter: $0.direction == .lower)
        }
      }, entries: entries, times: times, curves: curves)
  }

  /// A line for each method, of those whose scores some images do not have.
  var warnings: [String] {
    zip(names, results).flatMap { name, results in
      plan.sources.compactMap { source -> String? in
        var (missing, all, scores) = (0, 0, [String]())
        for result in results where result.source.name == source.name {
          for score in result.measure.scores {
            let values = result.scores.scores[score.name] ?? []
            let count = values.count { $0 == nil }
            (missing, all) = (missing + count, all + values.count)
            if count > 0 { scores.append(score.name) }
          }
        }
        guard missing > 0 else { return nil }
        return
          "\(name), \(source.name): \(missing) of \(all) scores are not defined or not finite, and left out of the means (\(scores.joined(separator: ", ")))"
      }
    }
  }

  private func entry(
    _ run: String, _ result: FaithfulnessJob.Result, _ score: ScoreDescription
  ) -> FaithfulnessReport.Entry {
    let summary = ScoreSummary(result.scores.scores[score.name] ?? [], method: score.interval)
    return FaithfulnessReport.Entry(
      run: run, method: result.source.name, score: score.name, mean: summary.mean,
      lower: summary.interval?.lower, upper: summary.interval?.upper,
      standardDeviation: summary.standardDeviation, count: summary.count,
      undefined: summary.undefined)
  }

  /// The curves over shares of pixels; those over layers are in the journal alone.
  private func curves(
    _ run: String, _ result: FaithfulnessJob.Result
  ) -> [FaithfulnessReport.Curve] {
    result.scores.curves.sorted { $0.key < $1.key }.compactMap { name, curves in
      guard case .shares(let shares) = curves.places else { return nil }
      let summary = CurveSummary(
        curves, method: result.measure.hasAccuracies ? .wilson(whole: 100) : .normal)
      return FaithfulnessReport.Curve(
        run: run, method: result.source.name, measure: result.measure.name, name: name,
        shares: shares, mean: summary.means, lower: summary.intervals.map { $0?.lower },
        upper: summary.intervals.map { $0?.upper })
    }
  }
}

extension ChosenMeasure {
  /// Whether the measure's curves are shares of right answers, in percent.
  var hasAccuracies: Bool { measure is AccuracyDropMeasure }
}
