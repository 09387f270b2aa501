import SmootAutodiff
import SmootNN
import SmootTensor

/// Images that went once through a network while some of its layers were watched.
struct LayerPasses {
  /// The layers, in the order of their names.
  let layers: [LayerPass]
  /// For each image whether its explained probability is too flat for a gradient.
  let saturated: [Bool]

  /// Sends images through a network.
  ///
  /// Only what comes behind the first of the layers is recorded: what lies before it costs no memory and no backward pass. With keys for them, an attention head draws masks.
  init(
    _ images: Tensor, targets: [Int32], start: Int, layers names: [String],
    model: any Classifier, _ context: AttributionContext, needsGradients: Bool,
    headMasks: [RandomKey]? = nil
  ) throws(AttributionError) {
    let tape = Tape()
    let leaf: (Variable) -> Variable = { value in
      value.tape == nil && needsGradients ? tape.variable(value.value) : value
    }
    let chosen = Set(names)
    let probe = LayerProbe(
      only: chosen,
      replacing: Dictionary(uniqueKeysWithValues: chosen.map { ($0, leaf) }))
    let logits = model.logits(Variable(images), .evaluation(layers: probe, headMasks: headMasks))
    var found: [LayerProbe.Layer] = []
    for name in names {
      guard let layer = probe[name], !layer.form.isAttention else {
        throw .unknownLayer(name, known: TargetLayer.all(of: model).map(\.name))
      }
      found.append(layer)
    }
    let gradients =
      needsGradients
      ? tape.gradients(
        of: logits.score(ofClasses: targets, context.score),
        withRespectTo: found.map(\.variable))
      : []
    layers = found.enumerated().map { index, layer in
      let values = layer.form.images(layer.variable.value)
      return LayerPass(
        name: layer.name, values: values,
        gradients: needsGradients ? layer.form.images(gradients[index]) : .zeros(values.shape),
        images: images, targets: targets, start: start, model: model, context: context)
    }
    saturated =
      needsGradients
      ? logits.value.saturatedRows(targets, context.score) : targets.map { _ in false }
  }
}

extension LayerForm {
  /// Whether this is what tokens take from one another.
  var isAttention: Bool {
    if case .attention = self { true } else { false }
  }
}
