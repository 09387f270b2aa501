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

  /// Looks at what each layer gives.
  init(_ loaded: LoadedModel) {
    model = loaded.path
    let usual = try? TargetLayer.usual(of: loaded.model)
    layers = TargetLayer.all(of: loaded.model).map { layer in
      Layer(
        name: layer.name, channels: layer.channels, height: layer.height, width: layer.width,
        isDefault: layer.name == usual)
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
