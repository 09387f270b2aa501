import SmootTensor

/// The relevance of the logits with which relevance propagation to a layer begins.
public enum RelevanceStart: String, Sendable, Codable, CaseIterable {
  /// 1 for the class and -1 / N for each of the other classes, of which N counts all: what speaks for other classes too counts less.
  case contrast
  /// 1 for the class, 0 for the others.
  case oneHot = "one-hot"
  /// The logit for the class, 0 for the others.
  case logit

  /// The relevance of the logits.
  ///
  /// - Parameters:
  ///   - logits: [batch, classes].
  ///   - targets: the class explained for each image.
  /// - Returns: [batch, classes].
  func relevance(of logits: Tensor, targets: [Int32]) -> Tensor {
    let classes = logits.shape[1]
    let values = logits.scalars
    return Tensor(uninitialized: logits.shape) { start in
      let others: Float = self == .contrast ? -1 / Float(classes) : 0
      start.update(repeating: others, count: values.count)
      for (image, target) in targets.enumerated() {
        let place = image * classes + Int(target)
        start[place] = self == .logit ? values[place] : 1
      }
    }
  }
}
