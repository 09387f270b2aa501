/// The direction in which many numbers differ most.
enum PrincipalComponent {
  /// The projection of each column of a matrix on the first left singular vector: the first right singular vector times its singular value.
  ///
  /// Power iteration on the smaller of both Gram matrices, from its heaviest column, until nothing moves by more than 1e-12 or 5,000 times.
  ///
  /// - Parameters:
  ///   - matrix: row by row.
  ///   - rows: how many rows there are.
  /// - Returns: a number for each column, the largest magnitude positive.
  static func projection(ofColumns matrix: [Double], rows: Int) -> [Double] {
    let columns = matrix.count / max(1, rows)
    var result: [Double]
    if columns <= rows {
      let (vector, value) = dominant(gram(matrix, rows, columns, ofColumns: true), columns)
      let singular = max(0, value).squareRoot()
      result = vector.map { $0 * singular }
    } else {
      let (vector, _) = dominant(gram(matrix, rows, columns, ofColumns: false), rows)
      result = [Double](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns { result[column] += vector[row] * matrix[row * columns + column] }
      }
    }
    let (low, high) = (result.min() ?? 0, result.max() ?? 0)
    return -low > high ? result.map { -$0 } : result
  }

  /// All inner products of the columns, or of the rows.
  private static func gram(
    _ matrix: [Double], _ rows: Int, _ columns: Int, ofColumns: Bool
  ) -> [Double] {
    let (count, depth) = ofColumns ? (columns, rows) : (rows, columns)
    let (step, stride) = ofColumns ? (1, columns) : (columns, 1)
    var result = [Double](repeating: 0, count: count * count)
    matrix.withUnsafeBufferPointer { values in
      for i in 0..<count {
        for j in i..<count {
          var sum = 0.0
          for k in 0..<depth {
            sum += values[i * step + k * stride] * values[j * step + k * stride]
          }
          result[i * count + j] = sum
          result[j * count + i] = sum
        }
      }
    }
    return result
  }

  /// The eigenvector of the largest eigenvalue of a symmetric matrix without negative ones.
  private static func dominant(_ matrix: [Double], _ count: Int) -> ([Double], Double) {
    let heaviest = (0..<count).max { matrix[$0 * count + $0] < matrix[$1 * count + $1] } ?? 0
    var vector = (0..<count).map { matrix[heaviest * count + $0] }
    guard normalize(&vector) > 0 else { return (vector, 0) }
    var value = 0.0
    for _ in 0..<5000 {
      var next = [Double](repeating: 0, count: count)
      matrix.withUnsafeBufferPointer { elements in
        for row in 0..<count {
          var sum = 0.0
          for column in 0..<count { sum += elements[row * count + column] * vector[column] }
          next[row] = sum
        }
      }
      value = normalize(&next)
      let moved = zip(next, vector).reduce(0) { max($0, abs($1.0 - $1.1)) }
      vector = next
      if moved < 1e-12 { break }
    }
    return (vector, value)
  }

  /// Brings a vector to length 1.
  ///
  /// - Returns: its length before.
  private static func normalize(_ vector: inout [Double]) -> Double {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { for index in vector.indices { vector[index] /= length } }
    return length
  }
}
