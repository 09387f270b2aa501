import SmootAutodiff
import SmootTensor

/// Reads what a measure needs off logits.
extension EvaluationBatch {
  /// The score of the explained class of each image.
  ///
  /// - Parameters:
  ///   - logits: [batch, classes].
  ///   - kind: which score.
  func targetScores(_ logits: Tensor, _ kind: ScoreKind) -> [Double] {
    Variable(logits).score(ofClasses: targets, kind).value.scalars.map(Double.init)
  }

  /// Whether the class with the largest logit, the first of equal ones, is the right one.
  ///
  /// - Parameter logits: [batch, classes].
  func isRight(_ logits: Tensor) -> [Bool] {
    zip(logits.argmaxOfRows, labels).map { $0 == Int($1) }
  }
}
