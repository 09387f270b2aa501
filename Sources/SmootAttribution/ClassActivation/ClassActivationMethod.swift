public import SmootNN
public import SmootTensor

/// A method whose maps are sums of a layer's feature maps, each with a weight.
///
/// To add one: a struct with its options and ``maps(of:)``; the layers' values and gradients, pieces, several layers and statuses are taken care of here. Maps are raw: the
/// rectifier that most papers end with is ``Saliency/rectified(_:)``, so that a map of which nothing is left can be told from one that was blank. `Saliency.presented` does all
/// that a library does to a map before showing it.
public protocol ClassActivationMethod: AttributionMethod {
  /// What all class activation methods have in common.
  var common: ClassActivationOptions { get }

  /// Whether the method reads gradients.
  static var needsGradients: Bool { get }

  /// Whether the method sends relevance back from the logits, for which everything is recorded.
  static var needsRelevance: Bool { get }

  /// The maps of one layer.
  ///
  /// - Parameter layer: what the layer gave for some images.
  /// - Returns: [batch, 1, height, width], with signs.
  func maps(of layer: LayerPass) throws(AttributionError) -> Tensor
}

extension ClassActivationMethod {
  /// Most methods read them.
  public static var needsGradients: Bool { true }

  /// Few methods do.
  public static var needsRelevance: Bool { false }

  /// The maps of the layers, put together where there are several; see ``ClassActivationOptions/fused(_:height:width:)``.
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let layers = common.layers.isEmpty ? [try TargetLayer.usual(of: model)] : common.layers
    if layers.count > 1 && common.convention == .captum {
      throw .badValue(
        "layers", layers.joined(separator: ","),
        expected: "one layer, because Captum's convention knows no other; pgc and paper do")
    }
    var (pieces, saturated) = ([Tensor](), [Bool]())
    var parts = layers.map { _ in [MapStatus]() }
    try context.forEachPiece(of: targets.count) { (piece: Range<Int>) throws(AttributionError) in
      let pass = try LayerPasses(
        images.sliced(axis: 0, piece), targets: Array(targets[piece]), start: piece.lowerBound,
        layers: layers, model: model, context, needsGradients: Self.needsGradients,
        needsRelevance: Self.needsRelevance)
      var maps: [Tensor] = []
      for layer in pass.layers { maps.append(try self.maps(of: layer)) }
      // Maps that are put together are rectified; what they were before says why nothing is left.
      if maps.count > 1 {
        for (place, map) in maps.enumerated() { parts[place] += Attribution(map).statuses }
      }
      pieces.append(common.fused(maps, height: images.shape[2], width: images.shape[3]))
      saturated += pass.saturated
    }
    var result = Attribution(
      .concatenated(pieces, axis: 0), saturated: saturated,
      hasGradient: Self.needsGradients || Self.needsRelevance)
    for statuses in parts { result.explainBlanks(by: statuses) }
    return result
  }
}
