import Smoot

/// The layers of a network that give feature maps.
struct LayerList: Encodable {
  struct Layer: Encodable {
    let name: String
    let channels: Int
    let height: Int
    let width: Int
    /// Whether class activation maps are made of this layer unless told otherwise.
    let isDefault: Bool

    enum CodingKeys: String, CodingKey {
      case name, channels, height, width
      case isDefault = "default"
    }
  }

  let model: String
  let layers: [Layer]

  /// Sends one image through a network and looks at what each layer gives.
  init(_ loaded: LoadedModel) {
    model = loaded.path
    let probe = LayerProbe()
    let image = Tensor.zeros(Shape([1] + loaded.model.inputSize.dimensions))
    _ = loaded.model.logits(Variable(image), .evaluation(layers: probe))
    let found = probe.layers.compactMap { layer -> (name: String, shape: Shape)? in
      if case .attention = layer.form { return nil }
      return (layer.name, layer.form.images(layer.variable.value).shape)
    }
    // Only the class token of a transformer's last block reaches the logits, so its patches have no gradient there.
    let usual =
      found.last { $0.name.hasPrefix("blocks.") && $0.name.hasSuffix(".norm1") }
      ?? found.last { $0.shape[2] * $0.shape[3] > 1 }
    layers = found.map { layer in
      Layer(
        name: layer.name, channels: layer.shape[1], height: layer.shape[2], width: layer.shape[3],
        isDefault: layer.name == usual?.name)
    }
  }

  /// A line on each layer.
  func table() -> Table {
    var table = Table(columns: [
      .init("layer"), .init("maps", .right), .init("height", .right), .init("width", .right),
      .init(""),
    ])
    for layer in layers {
      table.append([
        .text(layer.name), .integer(layer.channels), .integer(layer.height),
        .integer(layer.width), .text(layer.isDefault ? "default" : ""),
      ])
    }
    return table
  }
}
