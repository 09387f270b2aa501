public import SmootTensor

/// Maps of random numbers: what every method must beat.
public enum RandomMaps {
  /// The random map of each image: uniform numbers in [0, 1).
  ///
  /// - Parameters:
  ///   - indices: the place of each image in the data set, which with the seed decides its map.
  ///   - pixels: how many pixels an image has.
  ///   - seed: where the numbers come from.
  /// - Returns: [batch, pixels].
  public static func maps(indices: [Int], pixels: Int, seed: UInt64) -> Tensor {
    maps(indices: indices, pixels: pixels, key: RandomKey(seed: seed).derived("random order"))
  }

  /// The random map of each image, from the key derived by its index.
  static func maps(indices: [Int], pixels: Int, key: RandomKey) -> Tensor {
    Tensor(uninitialized: [indices.count, pixels]) { target in
      parallelFor(indices.count) { image in
        key.derived(indices[image]).writeUniform(target + image * pixels, count: pixels)
      }
    }
  }
}
