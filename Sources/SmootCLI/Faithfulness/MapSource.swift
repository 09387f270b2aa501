import Smoot

/// Where the maps that are measured come from.
struct MapSource {
  /// How maps are had.
  enum Kind {
    case method(ChosenMethod)
    /// Uniform random numbers: what every method must beat.
    case control
    case file(MapFile)
  }

  let kind: Kind

  /// The name of the control in tables and files.
  static let controlName = "random-control"

  /// The name in tables and files.
  var name: String {
    switch kind {
    case .method(let method): method.name
    case .control: Self.controlName
    case .file(let file): file.name
    }
  }

  /// Whether other images and networks can be explained too.
  var canExplain: Bool {
    if case .file = kind { false } else { true }
  }

  /// Adds what the maps depend on, besides images and weights.
  func add(to key: inout JobKey, _ surroundings: Surroundings) {
    key.add(name)
    switch kind {
    case .method(let method):
      key.add(method.score.rawValue)
      key.add(method.resolved)
      surroundings.add(method.method.needs, to: &key)
    case .control: break
    case .file(let file): key.add(file.digest)
    }
  }
}
