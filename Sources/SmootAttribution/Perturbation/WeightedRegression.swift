/// Linear models of a score with an intercept, fitted to weighted samples in double precision.
///
/// Features and scores are centred by their weighted means, so that the intercept needs no column. The normal equations of at most some hundred features that are 0 or 1 keep
/// enough digits in double precision.
struct WeightedRegression {
  /// X^T W X of the centred features, row by row.
  private var products: [Double]
  /// X^T W y.
  private var right: [Double]
  /// The sum of the weights.
  private let total: Double
  private let count: Int

  /// Prepares a fit.
  ///
  /// - Parameters:
  ///   - choices: for each sample which features are on.
  ///   - scores: of the samples.
  ///   - weights: of the samples.
  init(_ choices: [[Bool]], _ scores: [Double], weights: [Double]) {
    count = choices.first?.count ?? 0
    total = weights.reduce(0, +)
    var (means, mean) = ([Double](repeating: 0, count: count), 0.0)
    for (sample, choice) in choices.enumerated() {
      mean += weights[sample] * scores[sample] / total
      for feature in 0..<count where choice[feature] { means[feature] += weights[sample] / total }
    }
    products = [Double](repeating: 0, count: count * count)
    right = [Double](repeating: 0, count: count)
    for (sample, choice) in choices.enumerated() {
      let row = (0..<count).map { (choice[$0] ? 1 : 0) - means[$0] }
      for i in 0..<count {
        let weighted = weights[sample] * row[i]
        right[i] += weighted * (scores[sample] - mean)
        for j in 0..<count { products[i * count + j] += weighted * row[j] }
      }
    }
  }

  /// The coefficients that minimize the weighted squares plus `penalty` times the squares of the coefficients.
  ///
  /// By Cholesky's decomposition. Where features cannot be told apart from the others, as with fewer samples than features, their coefficients are zero.
  func ridge(penalty: Double) -> [Double] {
    var factor = products
    for i in 0..<count { factor[i * count + i] += penalty }
    let largest = (0..<count).map { factor[$0 * count + $0] }.max() ?? 0
    var isFree = [Bool](repeating: true, count: count)
    for j in 0..<count {
      var diagonal = factor[j * count + j]
      for k in 0..<j where isFree[k] { diagonal -= factor[j * count + k] * factor[j * count + k] }
      isFree[j] = diagonal > 1e-13 * largest
      guard isFree[j] else { continue }
      let root = diagonal.squareRoot()
      factor[j * count + j] = root
      for i in j + 1..<count {
        var value = factor[i * count + j]
        for k in 0..<j where isFree[k] { value -= factor[i * count + k] * factor[j * count + k] }
        factor[i * count + j] = value / root
      }
    }
    return solved(factor, isFree)
  }

  /// Forward and backward substitution.
  private func solved(_ factor: [Double], _ isFree: [Bool]) -> [Double] {
    var result = right
    for i in 0..<count {
      guard isFree[i] else {
        result[i] = 0
        continue
      }
      for k in 0..<i where isFree[k] { result[i] -= factor[i * count + k] * result[k] }
      result[i] /= factor[i * count + i]
    }
    for i in stride(from: count - 1, through: 0, by: -1) where isFree[i] {
      for k in i + 1..<max(i + 1, count) where isFree[k] {
        result[i] -= factor[k * count + i] * result[k]
      }
      result[i] /= factor[i * count + i]
    }
    return result
  }

  /// The coefficients that minimize half the weighted mean of the squares plus `penalty` times the magnitudes of the coefficients.
  ///
  /// Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996, with scikit-learn's scale; by coordinate descent until no coefficient moves by more than 1e-12 of the
  /// largest, or 100,000 times.
  func lasso(penalty: Double) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for _ in 0..<100_000 {
      var (moved, largest) = (0.0, 0.0)
      for i in 0..<count {
        let own = products[i * count + i]
        guard own > 0 else { continue }
        var rest = right[i]
        for j in 0..<count where j != i { rest -= products[i * count + j] * result[j] }
        let shrunk = max(0, abs(rest) - penalty * total)
        let next = (rest < 0 ? -shrunk : shrunk) / own
        moved = max(moved, abs(next - result[i]))
        largest = max(largest, abs(next))
        result[i] = next
      }
      if moved <= 1e-12 * largest { break }
    }
    return result
  }
}
