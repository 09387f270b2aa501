/// Makes attribution methods by their names in commands.
public enum AttributionRegistry {
  /// All methods, family by family.
  public static let methods: [any AttributionMethod.Type] = [
    Gradient.self, InputTimesGradient.self, SmoothGrad.self, SmoothGradSquared.self, VarGrad.self,
    IntegratedGradients.self, GradientSHAP.self,
    GuidedBackpropagation.self, Deconvolution.self, DeepLIFT.self, DeepLIFTSHAP.self, LRP.self,
    GradCAM.self, GradCAMPlusPlus.self, XGradCAM.self, HiResCAM.self, LayerCAM.self, EigenCAM.self,
    ScoreCAM.self, AblationCAM.self, GroupCAM.self, SmoothGradCAMPlusPlus.self,
    IntegratedGradCAM.self, DropkeyGradCAM.self, GuidedGradCAM.self, RelevanceCAM.self,
    ShallowRelevanceCAM.self, AttentionRollout.self, AttentionRelevance.self, AttentionLRP.self,
    Occlusion.self, RISE.self, LIME.self, KernelSHAP.self,
    RandomMap.self, EdgeMap.self,
  ]

  /// The names of all methods.
  public static var names: [String] { methods.map { $0.description.name } }

  /// A method with options.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - options: what differs from the method's defaults.
  /// - Throws: ``AttributionError`` when there is no such method or option, or a value is not possible.
  public static func make(
    _ name: String, _ options: MethodOptions = MethodOptions()
  ) throws(AttributionError) -> any AttributionMethod {
    guard let method = methods.first(where: { $0.description.name == name }) else {
      throw .unknownMethod(name, known: names)
    }
    let known = method.description.options.map(\.name)
    for option in options.values.keys.sorted() {
      let first = option.prefix { $0 != "." }
      // What belongs to a method inside this one is checked there.
      guard known.contains(option) || (option != first && known.contains(String(first))) else {
        throw .unknownOption(option, of: name, known: known)
      }
    }
    return try method.init(options)
  }
}
