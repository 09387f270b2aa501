import Foundation
import SmootMasking
public import SmootTensor

/// How alike two maps of an image are.
public enum MapSimilarity {
  /// Spearman's rank correlation of each pair of maps; equal values share the mean of their ranks.
  ///
  /// - Parameters:
  ///   - a: [batch, pixels].
  ///   - b: of the same shape.
  /// - Returns: for each image a number in [-1, 1], or `nil` when one of the maps is constant.
  public static func rankCorrelation(_ a: Tensor, _ b: Tensor) -> [Double?] {
    precondition(a.shape == b.shape, "maps of shapes \(a.shape) and \(b.shape) cannot be compared")
    let (first, second) = (ranks(a), ranks(b))
    let pixels = a.shape[1]
    var results = [Double?](repeating: nil, count: a.shape[0])
    results.withUnsafeMutableBufferPointer { results in
      parallelFor(results.count) { image in
        let range = image * pixels..<(image + 1) * pixels
        results[image] = correlation(first[range], second[range])
      }
    }
    return results
  }

  /// Pearson's correlation, unless one of the runs is constant.
  private static func correlation(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double? {
    let count = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
      ab += (x - meanA) * (y - meanB)
    }
    guard aa > 0, bb > 0 else { return nil }
    return max(-1, min(1, ab / (aa * bb).squareRoot()))
  }

  /// The rank of each element in its row, from the greatest down; equal ones share their mean.
  private static func ranks(_ maps: Tensor) -> [Double] {
    let order = SaliencyOrder(descending: maps)
    let count = order.elements
    return maps.withUnsafeElements { maps in
      var ranks = [Double](repeating: 0, count: maps.count)
      ranks.withUnsafeMutableBufferPointer { ranks in
        parallelFor(order.batch) { image in
          let first = image * count
          func element(_ rank: Int) -> Int { first + Int(order.indices[first + rank]) }
          var start = 0
          while start < count {
            var end = start + 1
            while end < count, maps[element(end)] == maps[element(start)] { end += 1 }
            for rank in start..<end { ranks[element(rank)] = Double(start + end - 1) / 2 }
            start = end
          }
        }
      }
      return ranks
    }
  }

  /// The structural similarity of each pair of maps.
  ///
  /// Squares of 7 x 7 pixels that lie wholly inside, all of the same weight, with sample covariances, K1 = 0.01 and K2 = 0.03, and as range the span of both maps together: what
  /// scikit-image's `structural_similarity` does with that range. Smaller maps have smaller squares. Source: Wang et al., Image Quality Assessment, 2004.
  ///
  /// - Parameters:
  ///   - a: [batch, pixels].
  ///   - b: of the same shape.
  ///   - width: how many pixels a row has.
  /// - Returns: for each image a number up to 1, or `nil` when both maps are constant and equal.
  public static func structuralSimilarity(_ a: Tensor, _ b: Tensor, width: Int) -> [Double?] {
    precondition(a.shape == b.shape, "maps of shapes \(a.shape) and \(b.shape) cannot be compared")
    let pixels = a.shape[1]
    var results = [Double?](repeating: nil, count: a.shape[0])
    results.withUnsafeMutableBufferPointer { results in
      withPointers(a, b) { a, b in
        parallelFor(results.count) { image in
          results[image] =
            StructuralSimilarity(
              UnsafeBufferPointer(start: a + image * pixels, count: pixels),
              UnsafeBufferPointer(start: b + image * pixels, count: pixels), width: width
            )?.mean
        }
      }
    }
    return results
  }

  /// Each map divided by its greatest magnitude; one that is 0 everywhere stays so.
  static func scaled(_ maps: Tensor) -> Tensor {
    let pixels = maps.shape[1]
    return Tensor(uninitialized: maps.shape) { target in
      withPointers(maps) { source in
        parallelFor(maps.shape[0]) { image in
          let map = UnsafeBufferPointer(start: source + image * pixels, count: pixels)
          let greatest = map.reduce(0) { max($0, abs($1)) }
          for pixel in 0..<pixels {
            target[image * pixels + pixel] = greatest > 0 ? map[pixel] / greatest : 0
          }
        }
      }
    }
  }
}
