import SmootAutodiff
import SmootNN
import SmootTensor

/// A network some of whose layers have their initial values again; the trained one is not touched.
struct RandomizedNetwork {
  /// What computes: the new network, whose parameters are set as asked for.
  let model: any Classifier
  /// The layers from the logits to the image.
  let layers: [String]
  private let values: [Values]

  /// A parameter or buffer with both of its values and the place of its layer.
  private struct Values {
    let parameter: Parameter
    let trained: Tensor
    let random: Tensor
    let layer: Int
  }

  /// Pairs a trained network with a new one of the same kind.
  ///
  /// - Precondition: both have the same parameters and buffers.
  init(trained: any Classifier, random: any Classifier, unit: ParameterRandomization.Unit) {
    model = random
    let tensors = Dictionary(
      uniqueKeysWithValues: (trained.parameters + trained.buffers).map { ($0.name, $0.value) })
    let all = random.parameters + random.buffers
    precondition(
      all.count == tensors.count
        && all.allSatisfy { tensors[$0.name]?.shape == $0.value.shape },
      "the new network is of another kind than the trained one")
    let names = all.map { Self.layer(of: $0.name, in: trained, unit) }
    var order: [String] = []
    // In the order of the data's way, whether a parameter is trained or frozen.
    let blocks = all.map { Self.block(of: $0.name, in: trained) ?? .max }
    for place in all.indices.sorted(by: { (blocks[$0], $0) < (blocks[$1], $1) })
    where !order.contains(names[place]) {
      order.append(names[place])
    }
    let layers = Array(order.reversed())
    self.layers = layers
    values = zip(all, names).compactMap { parameter, name in
      guard let trained = tensors[parameter.name], let layer = layers.firstIndex(of: name) else {
        return nil
      }
      return Values(
        parameter: parameter, trained: trained, random: parameter.value, layer: layer)
    }
  }

  /// Gives some layers their initial values, and all others the trained ones.
  func randomize(_ range: ClosedRange<Int>) {
    for value in values {
      value.parameter.value = range.contains(value.layer) ? value.random : value.trained
    }
  }

  /// The name of the layer that a parameter belongs to.
  private static func layer(
    of parameter: String, in network: any Classifier, _ unit: ParameterRandomization.Unit
  ) -> String {
    switch unit {
    case .module:
      let module = parameter.split(separator: ".").dropLast().joined(separator: ".")
      return module.isEmpty ? parameter : module
    case .block:
      return block(of: parameter, in: network).flatMap { network.layers[$0].first } ?? parameter
    }
  }

  /// The place in the network's layers of the one that a parameter belongs to.
  private static func block(of parameter: String, in network: any Classifier) -> Int? {
    network.layers.firstIndex { names in
      names.contains { parameter == $0 || parameter.hasPrefix($0 + ".") }
    }
  }
}
