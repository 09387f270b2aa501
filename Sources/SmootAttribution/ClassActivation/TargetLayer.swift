import SmootAutodiff
public import SmootNN
import SmootTensor

/// A layer whose feature maps a class activation map can be made of.
public struct TargetLayer: Sendable, Equatable {
  /// The layer's name, as PyTorch has it.
  public let name: String
  /// How many feature maps it gives.
  public let channels: Int
  /// The rows of a map.
  public let height: Int
  /// The columns of a map.
  public let width: Int

  /// All layers of a network that give feature maps, in the order of computation.
  ///
  /// - Parameter model: the network; one image goes through it.
  public static func all(of model: any Classifier) -> [TargetLayer] {
    let probe = LayerProbe()
    let image = Tensor.zeros(Shape([1] + model.inputSize.dimensions))
    _ = model.logits(Variable(image), .evaluation(layers: probe))
    return probe.layers.compactMap { layer in
      if case .attention = layer.form { return nil }
      let shape = layer.form.images(layer.variable.value).shape
      return TargetLayer(name: layer.name, channels: shape[1], height: shape[2], width: shape[3])
    }
  }

  /// The layer that is explained when none is chosen: on a transformer the first normalization of the last block, else the last layer whose maps have more than one cell.
  ///
  /// The output of a transformer's last block does not serve: only its class token reaches the logits, so that no patch has a gradient (pytorch-grad-cam recommends the same layer).
  ///
  /// - Parameter model: the network; one image goes through it.
  /// - Throws: ``AttributionError`` when no layer has an extent.
  public static func usual(of model: any Classifier) throws(AttributionError) -> String {
    let layers = all(of: model)
    let normalization = layers.last { $0.name.hasPrefix("blocks.") && $0.name.hasSuffix(".norm1") }
    guard let layer = normalization ?? layers.last(where: { $0.height * $0.width > 1 }) else {
      throw AttributionError("no layer of the network gives maps with more than one cell")
    }
    return layer.name
  }
}
