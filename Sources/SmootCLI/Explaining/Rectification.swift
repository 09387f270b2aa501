/// Which maps lose their negative values before they are drawn or scored.
enum Rectification: String, CaseIterable, Codable {
  /// Class activation maps whose definitions end with it: all but those of guided-grad-cam and relevance-cam.
  case classActivation = "class-activation"
  /// All.
  case all
  /// None.
  case none
}
