package import SmootAutodiff
package import SmootDatasets

extension LabeledBatch {
  /// The mean cross-entropy of logits against the labels; of mixed images, against each class by its share.
  package func crossEntropy(of logits: Variable, smoothing: Float) -> Variable {
    let own = logits.crossEntropy(labels, smoothing: smoothing)
    guard let mixture else { return own }
    let other = logits.crossEntropy(mixture.labels, smoothing: smoothing)
    return own * mixture.share + other * (1 - mixture.share)
  }
}
