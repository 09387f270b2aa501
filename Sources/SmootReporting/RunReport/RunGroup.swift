/// Runs that differ in nothing but the seed.
struct RunGroup {
  let name: String
  let runs: [ReportedRun]

  /// Settings that do not tell one training from another.
  private static let ignored: Set<String> = [
    "seed", "save-every", "log-interval", "keep", "max-time",
  ]

  /// The groups of some runs, in the order of their first runs.
  ///
  /// - Parameter runs: runs whose settings are not known stand for themselves.
  static func groups(of runs: [ReportedRun]) -> [RunGroup] {
    var keys: [[String]] = []
    var members: [[String]: [ReportedRun]] = [:]
    for run in runs {
      let settings = run.settings.filter { !ignored.contains($0.name) }
      let key = settings.isEmpty ? [run.path] : settings.map { "\($0.name)=\($0.value)" }
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(run)
    }
    let groups = keys.compactMap { members[$0] }
    let methods = groups.map { $0[0].setting("method") ?? $0[0].name }
    return zip(groups, methods).map { group, method in
      guard group.count > 1 else { return RunGroup(name: group[0].name, runs: group) }
      let isAlone = methods.count { $0 == method } == 1
      let name = isAlone ? method : group[0].name + " and others"
      return RunGroup(name: "\(name), \(group.count) seeds", runs: group)
    }
  }

  /// A quantity over epochs: of a single run as it is, of several the mean with one sample standard deviation to both sides; nil if there is none.
  func line(_ quantity: ReportedRun.Quantity) -> LineSeries? {
    let known = runs.map { run in
      Dictionary(
        run.epochs.compactMap { epoch in epoch.values[quantity].map { (epoch.number, $0) } }
      ) { _, last in last }
    }
    guard let first = known.first else { return nil }
    let places = first.keys.filter { place in known.allSatisfy { $0[place] != nil } }.sorted()
    guard !places.isEmpty else { return nil }
    let columns = places.map { place in known.compactMap { $0[place] } }
    return LineSeries(name: name, x: places.map(Double.init), meansOf: columns)
  }
}
