import Smoot

/// Runs by their configurations: those of a group differ in nothing but their seed.
struct RunGroups {
  /// The group of each run.
  let names: [String]

  /// Settings that change no weights, or only chance.
  private static let ignored: Set = [
    "seed", "data", "keep", "save-every", "max-time", "log-interval", "cache", "select",
    "limit-test",
    "k-report",
  ]

  /// Groups runs.
  ///
  /// - Parameter runs: what is to be told apart, with names of their own.
  init(_ runs: [(name: String, model: LoadedModel)]) {
    let settings = runs.map { run -> [String: String] in
      guard let training = run.model.training else { return ["run": run.name] }
      let kept = training.resolved.settings.filter { !Self.ignored.contains($0.key) }
      return kept.merging(["weights": run.model.isAverage ? "ema" : "plain"]) { $1 }
    }
    let distinct = Set(settings)
    guard distinct.count < runs.count else {
      names = runs.map(\.name)
      return
    }
    let order = ["run", "weights"] + TrainingConfiguration.options.map(\.name)
    let differing = order.filter { name in Set(distinct.map { $0[name] ?? "" }).count > 1 }
    names = settings.map { settings in
      let words = differing.compactMap { name in
        settings[name].flatMap { $0.isEmpty ? nil : "\(name) \($0)" }
      }
      return words.isEmpty ? "all runs" : words.joined(separator: ", ")
    }
  }
}
