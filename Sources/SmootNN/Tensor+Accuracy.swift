import SmootTensor

extension Tensor {
  /// In how many rows of logits the label has the largest one.
  package func correctCount(_ labels: [Int32]) -> Int {
    zip(argmaxOfRows, labels).count { $0 == Int($1) }
  }
}
