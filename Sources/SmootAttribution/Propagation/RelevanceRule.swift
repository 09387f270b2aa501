/// How a weighted layer shares the relevance of its outputs out among its inputs.
///
/// Bach et al., On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance Propagation, 2015; Montavon et al., Layer-Wise Relevance Propagation: An
/// Overview, 2019, table 10.1. Denominators are kept away from zero by ``LRP/stabilizer`` with their sign; biases take part, and take relevance away, unless said otherwise.
public enum RelevanceRule: Sendable, Equatable {
  /// In proportion to x w, with its own epsilon in the denominator.
  case epsilon(Float)
  /// In proportion to x (w + gamma max(w, 0)), for inputs of either sign (zennit's form): the weights that work in the direction of the output count more.
  case gamma(Float)
  /// alpha times in proportion to what is positive, minus beta times in proportion to what is negative; alpha - beta = 1.
  case alphaBeta(alpha: Float, beta: Float)
  /// In proportion to what is positive: alpha 1, beta 0.
  case zPlus
  /// The same, but biases take no part: no relevance is lost.
  case zPlusWithoutBias
  /// In proportion to x w - low max(w, 0) - high min(w, 0), for pixels between low and high; needs the context's pixel range.
  case box
  /// In proportion to w^2, whatever the input.
  case wSquare
  /// Evenly.
  case flat
  /// In proportion to x (w + gamma max(w, 0)), whatever the sign of the input (Captum's form).
  case captumGamma(Float)
  /// In proportion to x max(w, 0), whatever the sign of the input (Captum's form, `Alpha1_Beta0_Rule`).
  case captumAlpha1Beta0

  /// The names of the rules in commands.
  static let names = [
    "epsilon", "gamma", "alpha-beta", "z-plus", "z-plus-without-bias", "box", "w-square", "flat",
    "captum-gamma",
    "captum-alpha1-beta0",
  ]

  /// The rule of a name.
  ///
  /// - Parameters:
  ///   - option: the option that names it.
  ///   - name: one of ``names``.
  ///   - options: where epsilon, gamma and alpha are.
  init(_ option: String, _ name: String, _ options: MethodOptions) throws(AttributionError) {
    let gamma = try options.number("gamma", usual: 0.25, in: 0...1000)
    let alpha = try options.number("alpha", usual: 2, in: 1...1000)
    switch name {
    case "epsilon": self = .epsilon(try options.number("epsilon", usual: 1e-6, in: 0...1000))
    case "gamma": self = .gamma(gamma)
    case "alpha-beta": self = .alphaBeta(alpha: alpha, beta: alpha - 1)
    case "z-plus": self = .zPlus
    case "z-plus-without-bias": self = .zPlusWithoutBias
    case "box": self = .box
    case "w-square": self = .wSquare
    case "flat": self = .flat
    case "captum-gamma": self = .captumGamma(gamma)
    case "captum-alpha1-beta0": self = .captumAlpha1Beta0
    default:
      throw .badValue(
        option, name, expected: "one of \(Self.names.joined(separator: ", "))")
    }
  }
}
