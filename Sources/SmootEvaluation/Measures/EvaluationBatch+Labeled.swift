public import SmootAttribution
public import SmootDatasets
public import SmootNN
public import SmootTensor

extension EvaluationBatch {
  /// Gathers a batch of a data set.
  ///
  /// - Parameters:
  ///   - batch: some images of the data set.
  ///   - model: the network.
  ///   - target: whether the label or the predicted class is explained.
  ///   - objects: 1 where a pixel belongs to the object of the class, else 0; [batch, pixels].
  ///   - rowsPerPass: the most images that go through the network at once; without it, about four million numbers.
  public convenience init(
    _ batch: LabeledBatch, model: any Classifier, target: SaliencyTarget = .label,
    objects: Tensor? = nil, rowsPerPass: Int? = nil
  ) {
    let clean = EvaluationBatch(
      images: batch.images, labels: batch.labels, indices: batch.indices, model: model,
      rowsPerPass: rowsPerPass)
    self.init(
      images: batch.images, labels: batch.labels,
      targets: target == .label ? nil : clean.logits.argmaxOfRows.map { Int32($0) },
      indices: batch.indices, model: model, logits: target == .label ? nil : clean.logits,
      objects: objects, rowsPerPass: rowsPerPass)
  }
}
