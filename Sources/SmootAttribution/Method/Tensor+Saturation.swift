package import SmootAutodiff
package import SmootTensor

extension Tensor {
  /// For each row of logits whether the explained probability rounds to 0 or 1, so that its gradient has nothing to say.
  package func saturatedRows(_ targets: [Int32], _ kind: ScoreKind) -> [Bool] {
    guard kind != .logit else { return targets.map { _ in false } }
    let probabilities = softmaxOfRows
    return probabilities.withUnsafeElements { p in
      targets.enumerated().map { row, target in
        let value = p[row * probabilities.shape[1] + Int(target)]
        return value > 1 - 1e-6 || (kind == .prob && value < 1e-6)
      }
    }
  }
}
