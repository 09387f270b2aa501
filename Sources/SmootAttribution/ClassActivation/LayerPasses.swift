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
  /// Unless relevance is needed, only what comes behind the first of the layers is recorded: what lies before it costs no memory and no backward pass. With keys for them, an
  /// attention head draws masks, except for relevance.
  init(
    _ images: Tensor, targets: [Int32], start: Int, layers names: [String],
    model: any Classifier, _ context: AttributionContext, needsGradients: Bool,
    needsRelevance: Bool = false, headMasks: [RandomKey]? = nil
  ) throws(AttributionError) {
    let chosen = Set(names)
    let (logits, probe, whole): (Variable, LayerProbe, RecordedPass?)
    if needsRelevance {
      probe = LayerProbe()
      let pass = RecordedPass(images, model, keepsValues: true, layers: probe)
      (logits, whole) = (pass.logits, pass)
    } else {
      let tape = Tape()
      let leaf: (Variable) -> Variable = { value in
        value.tape == nil && needsGradients ? tape.variable(value.value) : value
      }
      probe = LayerProbe(
        only: chosen,
        replacing: Dictionary(uniqueKeysWithValues: chosen.map { ($0, leaf) }))
      logits = model.logits(Variable(images), .evaluation(layers: probe, headMasks: headMasks))
      whole = nil
    }
    var found: [LayerProbe.Layer] = []
    for name in names {
      guard let layer = probe[name], !layer.form.isAttention else {
        throw .unknownLayer(name, known: TargetLayer.all(of: model).map(\.name))
      }
      found.append(layer)
    }
    let gradients =
      needsGradients
      ? logits.tape?.gradients(
        of: logits.score(ofClasses: targets, context.score),
        withRespectTo: found.map(\.variable))
      : nil
    layers = found.enumerated().map { index, layer in
      let values = layer.form.images(layer.variable.value)
      return LayerPass(
        name: layer.name, values: values,
        gradients: gradients.map { layer.form.images($0[index]) } ?? .zeros(values.shape),
        images: images, targets: targets, start: start, model: model, context: context,
        record: whole.map { LayerPass.Record(pass: $0, layer: layer) })
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
