package import SmootTensor

/// Weighted sums, for each image, of the maps of its variants.
///
/// Maps are added in the order in which they come, so that the sums do not depend on the pieces.
package struct MapSums {
  private let batch: Int
  private var sums: Tensor?

  /// Empty sums for a batch.
  package init(batch: Int) { self.batch = batch }

  /// Adds maps.
  ///
  /// - Parameters:
  ///   - maps: [piece, ...].
  ///   - variants: which they are.
  ///   - weight: what a map is multiplied with.
  ///   - transform: a function of each value before it is added.
  package mutating func add(
    _ maps: Tensor, of variants: [Variant], weight: (Variant) -> Float = { _ in 1 },
    _ transform: (Float) -> Float = { $0 }
  ) {
    let count = maps.count / max(1, variants.count)
    let weights = variants.map(weight)
    var sums = self.sums ?? .zeros(Shape([batch] + maps.shape.dimensions.dropFirst()))
    self.sums = nil
    withPointers(maps) { source in
      sums.withMutablePointer { target in
        parallelRanges(count, grain: 1024) { range in
          for (row, variant) in variants.enumerated() {
            let (from, to) = (source + row * count, target + variant.image * count)
            let weight = weights[row]
            for index in range { to[index] += weight * transform(from[index]) }
          }
        }
      }
    }
    self.sums = sums
  }

  /// The sums, [batch, ...]; without extents where nothing has been added.
  package var total: Tensor { sums ?? .zeros([batch, 0, 0, 0]) }
}
