import SmootAutodiff
public import SmootNN
public import SmootTensor

/// Layer-wise relevance propagation: the logit is shared out among the inputs of each layer, from the last to the first.
///
/// Bach et al., 2015; rules and composites as in zennit 1.0 (Anders et al., Software for Dataset-Wide XAI, 2021), which merges batch normalization into convolutions and shares
/// the relevance of sums out in proportion to the summands; or as in Captum (``Composite/captumEpsilon``), whose batch normalization has a rule of its own. Unlike zennit the
/// relevance begins with the logit, as in Captum, so that a map adds up to the logit but for the deltas: biases and stabilizers take relevance away, and some rules add it.
public struct LRP: AttributionMethod {
  /// The rule of each kind of layer.
  public struct Rules: Sendable, Equatable {
    /// For convolutions.
    public var convolution: RelevanceRule
    /// For linear layers.
    public var linear: RelevanceRule
    /// For the first convolution or linear layer, where that has a rule of its own.
    public var first: RelevanceRule?
    /// Keeps denominators away from zero, in all rules but epsilon, which has its own.
    public var stabilizer: Float = 1e-6
    /// Whether batch normalization becomes part of the convolution before it; else it shares relevance out in proportion, and its shift takes some away.
    public var mergesNormalization = true

    /// Makes rules.
    public init(
      convolution: RelevanceRule, linear: RelevanceRule, first: RelevanceRule? = nil
    ) {
      self.convolution = convolution
      self.linear = linear
      self.first = first
    }

    func rule(_ operation: any WeightedOperation) -> RelevanceRule {
      operation is Convolution ? convolution : linear
    }

    var needsPixelRange: Bool { [convolution, linear, first].contains(.box) }
  }

  /// Rules that go together.
  public enum Composite: String, Sendable, Codable, CaseIterable {
    /// Epsilon everywhere.
    case epsilon
    /// z-plus for convolutions, epsilon for linear layers.
    case epsilonPlus = "epsilon-plus"
    /// The same, and flat for the first layer.
    case epsilonPlusFlat = "epsilon-plus-flat"
    /// gamma for convolutions, epsilon for linear layers, box for the first layer.
    case epsilonGammaBox = "epsilon-gamma-box"
    /// alpha 2, beta 1 for convolutions, epsilon for linear layers.
    case epsilonAlpha2Beta1 = "epsilon-alpha2-beta1"
    /// The same, and flat for the first layer.
    case epsilonAlpha2Beta1Flat = "epsilon-alpha2-beta1-flat"
    /// Captum's default: epsilon 1e-9 everywhere, batch normalization a layer of its own.
    case captumEpsilon = "captum-epsilon"

    /// The rules.
    ///
    /// - Parameters:
    ///   - epsilon: of the epsilon rule.
    ///   - gamma: of the gamma rule.
    public func rules(epsilon: Float = 1e-6, gamma: Float = 0.25) -> Rules {
      let dense = RelevanceRule.epsilon(epsilon)
      let alphaBeta = RelevanceRule.alphaBeta(alpha: 2, beta: 1)
      switch self {
      case .epsilon: return Rules(convolution: dense, linear: dense)
      case .epsilonPlus: return Rules(convolution: .zPlus, linear: dense)
      case .epsilonPlusFlat: return Rules(convolution: .zPlus, linear: dense, first: .flat)
      case .epsilonGammaBox: return Rules(convolution: .gamma(gamma), linear: dense, first: .box)
      case .epsilonAlpha2Beta1: return Rules(convolution: alphaBeta, linear: dense)
      case .epsilonAlpha2Beta1Flat:
        return Rules(convolution: alphaBeta, linear: dense, first: .flat)
      case .captumEpsilon:
        var rules = Rules(convolution: .epsilon(1e-9), linear: .epsilon(1e-9))
        rules.stabilizer = 1e-9
        rules.mergesNormalization = false
        return rules
      }
    }
  }

  /// The rules.
  public var rules: Rules

  /// Makes the method.
  public init(_ rules: Rules = Composite.epsilonPlus.rules()) { self.rules = rules }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    let composite = try options.choice("composite", usual: Composite.epsilonPlus)
    rules = composite.rules(
      epsilon: try options.number("epsilon", usual: 1e-6, in: 0...1000),
      gamma: try options.number("gamma", usual: 0.25, in: 0...1000))
    if let name = options.values["convolution"] {
      rules.convolution = try RelevanceRule("convolution", name, options)
    }
    if let name = options.values["linear"] {
      rules.linear = try RelevanceRule("linear", name, options)
    }
    if let name = options.values["first"] {
      rules.first = try RelevanceRule("first", name, options)
    }
    rules.stabilizer = try options.number("stabilizer", usual: rules.stabilizer, in: 0...1000)
    rules.mergesNormalization = try options.flag(
      "merge-normalization", usual: rules.mergesNormalization)
  }

  /// The range of pixels, for the box rule.
  public var needs: ContextNeeds { rules.needsPixelRange ? .pixelRange : [] }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "lrp", family: .propagation,
    summary: "the logit, shared out among the inputs of each layer", cost: "1F + 1B to 4F + 4B",
    suits: [.convolutional, .residual],
    options: [
      MethodOption(
        "composite", "epsilon-plus",
        "the rules: \(Composite.allCases.map(\.rawValue).joined(separator: ", "))"),
      MethodOption(
        "convolution", "by composite",
        "the rule of convolutions: \(RelevanceRule.names.joined(separator: ", "))"),
      MethodOption("linear", "by composite", "the rule of linear layers"),
      MethodOption("first", "by composite", "the rule of the first layer"),
      MethodOption("epsilon", 1e-6, "of the epsilon rule"),
      MethodOption("gamma", 0.25, "of the gamma rule"),
      MethodOption("alpha", 2, "of the alpha-beta rule; beta is one less"),
      MethodOption("stabilizer", 1e-6, "keeps denominators away from zero"),
      MethodOption(
        "merge-normalization", "by composite",
        "whether batch normalization becomes part of convolutions"),
    ])

  /// Relevances [batch, channels, height, width]; the deltas say how much more than the logit they add up to.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let propagation = RelevancePropagation(rules, pixelRange: context.pixelRange)
    var (pieces, logits) = ([Tensor](), [Float]())
    try context.forEachPiece(of: targets.count) { (piece) throws(AttributionError) in
      let pass = RecordedPass(
        images.sliced(axis: 0, piece), model, keepsValues: true, layers: LayerProbe())
      try pass.requireLogit(context.score, Self.description.name)
      let start = pass.seed(Array(targets[piece])) { $1 }
      pieces += try propagation(pass, start: start, to: [pass.input])
      logits += start.sum(over: [1]).scalars
    }
    let maps = Tensor.joined(pieces, like: images)
    return Attribution(maps, deltas: maps.deltas(from: logits))
  }
}
