import SmootAutodiff
package import SmootNN
import SmootTensor

extension LayerPass {
  /// A pass through the whole network of which everything is recorded, and where this layer lies in it.
  package struct Record {
    package let pass: RecordedPass
    package let layer: LayerProbe.Layer
  }

  /// The relevance of this layer, of the shape of its values.
  ///
  /// - Parameters:
  ///   - rule: of every convolution and linear layer behind this one.
  ///   - start: the relevance of the logits.
  ///   - method: the method's name, for errors.
  /// - Throws: ``AttributionError`` for an operation that relevance cannot go through.
  func relevance(
    _ rule: RelevanceRule, _ start: RelevanceStart, _ method: String
  ) throws(AttributionError) -> Tensor {
    let record = try recorded(method)
    return try relevance(
      from: record.pass.logits,
      start.relevance(of: record.pass.logits.value, targets: targets), rule, method)
  }

  /// The relevance that this layer gets from the one with the next number, whose own is its positive gradients times its values.
  ///
  /// The parameters are those of ``relevance(_:_:_:)``, which is what this is where no layer follows.
  func adjacentRelevance(
    _ rule: RelevanceRule, _ start: RelevanceStart, _ method: String
  ) throws(AttributionError) -> Tensor {
    let record = try recorded(method)
    guard let next = record.next else { return try relevance(rule, start, method) }
    let gradients = record.pass.gradients(
      targets, context.score, withRespectTo: [next.variable])[0]
    return try relevance(
      from: next.variable, next.variable.value * Saliency.rectified(gradients), rule, method)
  }

  private func relevance(
    from variable: Variable, _ start: Tensor, _ rule: RelevanceRule, _ method: String
  ) throws(AttributionError) -> Tensor {
    let record = try recorded(method)
    let propagation = RelevancePropagation(
      LRP.Rules(convolution: rule, linear: rule), method: method)
    return record.layer.form.images(
      try propagation(
        record.pass, from: variable, start: start, to: [record.layer.variable])[0])
  }

  private func recorded(_ method: String) throws(AttributionError) -> Record {
    guard let record else {
      throw .badData("\(method) needs a pass of which every operation is recorded")
    }
    return record
  }
}

extension LayerPass.Record {
  /// The next layer in the order of computation whose name differs from this one's in its digits only.
  fileprivate var next: LayerProbe.Layer? {
    func kind(_ name: String) -> String { name.filter { !$0.isNumber } }
    return pass.layers?.layers.first {
      $0.variable.index > layer.variable.index && kind($0.name) == kind(layer.name)
    }
  }
}
