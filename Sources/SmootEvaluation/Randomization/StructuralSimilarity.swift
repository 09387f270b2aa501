/// The structural similarity of two maps; ``MapSimilarity/structuralSimilarity(_:_:width:)`` has the definition.
struct StructuralSimilarity {
  /// The mean over all squares.
  let mean: Double

  /// Compares two maps, unless both are the same constant.
  init?(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, width: Int) {
    let least = min(a.min() ?? 0, b.min() ?? 0)
    let most = max(a.max() ?? 0, b.max() ?? 0)
    guard most > least else { return nil }
    let height = a.count / width
    let shorter = min(height, width)
    let side = min(7, shorter - (1 - shorter % 2))
    let range = Double(most) - Double(least)
    let (c1, c2) = (0.01 * range * 0.01 * range, 0.03 * range * 0.03 * range)
    var sum = 0.0
    // Sums over a column of the square, for each column of the map.
    var columns = [Sums](repeating: Sums(), count: width)
    for top in 0...height - side {
      for column in 0..<width {
        columns[column] = Sums()
        for row in top..<top + side {
          columns[column].add(Double(a[row * width + column]), Double(b[row * width + column]))
        }
      }
      for left in 0...width - side {
        var square = Sums()
        for column in left..<left + side { square.add(columns[column]) }
        sum += square.similarity(count: Double(side * side), c1, c2)
      }
    }
    mean = sum / Double((height - side + 1) * (width - side + 1))
  }

  /// What a square is described by.
  private struct Sums {
    var a = 0.0
    var b = 0.0
    var aa = 0.0
    var bb = 0.0
    var ab = 0.0

    mutating func add(_ x: Double, _ y: Double) {
      a += x
      b += y
      aa += x * x
      bb += y * y
      ab += x * y
    }

    mutating func add(_ other: Sums) {
      a += other.a
      b += other.b
      aa += other.aa
      bb += other.bb
      ab += other.ab
    }

    func similarity(count: Double, _ c1: Double, _ c2: Double) -> Double {
      let (meanA, meanB) = (a / count, b / count)
      // A square of one pixel has no sample covariance, and no covariance either.
      let sample = count > 1 ? count / (count - 1) : 1
      let varianceA = sample * (aa / count - meanA * meanA)
      let varianceB = sample * (bb / count - meanB * meanB)
      let covariance = sample * (ab / count - meanA * meanB)
      return (2 * meanA * meanB + c1) * (2 * covariance + c2)
        / ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2))
    }
  }
}
