import Smoot

/// What is measured of every run.
struct RobustnessPlan {
  /// Each with its levels, the one that changes nothing among them.
  let distortions: [Distortion]
  let robustness: Robustness
  /// What makes the maps that are compared and drawn.
  let method: ChosenMethod
  /// How many images are explained; 0 for none.
  let mapCount: Int
  let rectification: Rectification
  let maximumMemory: Int

  /// Adds everything that changes the numbers of a distortion, besides images and weights.
  func add(_ distortion: Distortion, to key: inout JobKey) {
    key.add(distortion.kind.rawValue)
    key.add("\(distortion.level)")
    key.add(robustness.range.rawValue)
    if distortion.kind == .noise { key.add("\(robustness.seed) \(robustness.draws)") }
    key.add("\(mapCount)")
    guard mapCount > 0 else { return }
    key.add(method.name)
    key.add(method.resolved)
    key.add("\(method.score.rawValue) \(rectification.rawValue) \(robustness.seed)")
  }
}

extension Distortion.Kind {
  /// What the levels measure.
  var quantity: String {
    switch self {
    case .noise: "variance of the noise (pixel values from 0 to 1)"
    case .rotation: "rotation (degrees)"
    case .stretch: "horizontal stretch (factor)"
    case .contrast: "contrast (share that is left)"
    case .size: "size of the object (factor)"
    }
  }

  /// The levels where none are chosen; the first variances are those of the paper's curves, the last three of its maps.
  var usualLevels: String {
    switch self {
    case .noise: "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1,1.5,2"
    case .rotation: "15,30,45,60,75,90"
    case .stretch: "1.25,1.5,2"
    case .contrast: "0.5,0.25,0.1"
    case .size: "0.5,0.25,0.125"
    }
  }
}
