import Foundation
public import SmootTensor

/// What all class activation methods have in common: which layers are explained and how their maps are put together.
public struct ClassActivationOptions: Sendable, Equatable {
  /// The names of the layers; empty for the one that is usual for the network, ``TargetLayer/usual(of:)``.
  public var layers: [String]
  /// Whose details are followed where libraries and papers differ; each method says what that means for it.
  public var convention: NormalizationConvention
  /// How the maps of several layers become one.
  public var fusion: LayerFusion
  /// How strong shallow layers are made before ``LayerFusion/maximum``: tanh(strength x map); 0 leaves them alone.
  public var strength: Float

  /// Makes options.
  public init(
    layers: [String] = [], convention: NormalizationConvention = .pgc, fusion: LayerFusion = .mean,
    strength: Float = 2
  ) {
    self.layers = layers
    self.convention = convention
    self.fusion = fusion
    self.strength = strength
  }

  /// Options by name.
  ///
  /// - Parameters:
  ///   - options: what was chosen.
  ///   - usual: what holds where nothing was.
  public init(
    _ options: MethodOptions, usual: ClassActivationOptions = ClassActivationOptions()
  ) throws(AttributionError) {
    layers = try Self.names(options.text("layers", usual: usual.layers.joined(separator: ",")))
    convention = try options.choice("convention", usual: usual.convention)
    fusion = try options.choice("fusion", usual: usual.fusion)
    strength = try options.number("strength", usual: usual.strength, in: 0...100)
  }

  /// The layers of a list; none where it is empty.
  private static func names(_ text: String) throws(AttributionError) -> [String] {
    guard !text.isEmpty else { return [] }
    let names: [String] = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.filter { !$0.isWhitespace }
    }
    guard !names.contains(""), Set(names).count == names.count else {
      throw .badValue("layers", text, expected: "names of layers such as a,b, each once")
    }
    return names
  }

  /// The options' descriptions.
  ///
  /// - Parameter usual: what holds where nothing is chosen.
  public static func described(
    usual: ClassActivationOptions = ClassActivationOptions()
  ) -> [MethodOption] {
    [
      MethodOption("layers", "", "layers by name, separated by commas; the usual one when empty"),
      MethodOption(
        "convention", usual.convention.rawValue, "whose details are followed: pgc, captum, paper"),
      MethodOption("fusion", usual.fusion.rawValue, "several layers: mean or maximum"),
      MethodOption("strength", usual.strength, "of tanh for shallow layers before a maximum"),
    ]
  }

  /// One map for each image from those of one or more layers.
  ///
  /// - Parameters:
  ///   - maps: for each layer [batch, 1, height, width].
  ///   - height: the images' height.
  ///   - width: the images' width.
  /// - Returns: the raw maps of a single layer, in its extents; else [batch, 1, height, width] in [0, 1].
  public func fused(_ maps: [Tensor], height: Int, width: Int) -> Tensor {
    guard maps.count > 1 else { return maps[0] }
    let fewest = maps.map { $0.shape[2] * $0.shape[3] }.min() ?? 0
    let ready = maps.map { map in
      var map = Saliency.normalized(
        Saliency.rectified(map), fusion == .mean ? .pgc : .paper)
      if fusion == .maximum && strength > 0 && map.shape[2] * map.shape[3] > fewest {
        map = map.mapped { tanh(strength * $0) }
      }
      return Saliency.resized(map, height: height, width: width)
    }
    let rest = ready.dropFirst()
    switch fusion {
    case .mean: return rest.reduce(ready[0]) { $0 + $1 } * (1 / Float(ready.count))
    case .maximum: return rest.reduce(ready[0]) { Tensor.combined($0, $1) { max($0, $1) } }
    }
  }
}
