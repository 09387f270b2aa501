import SmootAutodiff
import SmootTensor

extension Variable {
  /// The rows as often as another variable has them: a probe may have put many images in the place of one on the way to the other.
  func repeatedRows(asIn other: Variable) -> Variable {
    let (rows, wanted) = (shape[0], other.shape[0])
    guard rows != wanted else { return self }
    let width = shape.count / max(1, rows)
    return reshaped(to: [1, rows * width]).broadcast(to: [wanted / max(1, rows), rows * width])
      .reshaped(to: [wanted, width])
  }
}
