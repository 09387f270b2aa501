/// Which maps lose their negative values before they are drawn or scored.
enum Rectification: String, CaseIterable, Codable {
  /// Class activation maps only, whose definitions end with it.
  case classActivation = "class-activation"
  /// All.
  case all
  /// None.
  case none
}
