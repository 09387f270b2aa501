package import SmootTensor

extension AttributionContext {
  /// Makes variants of images and hands them on piece by piece: all of the first image, then all of the second.
  ///
  /// - Parameters:
  ///   - images: [batch, ...].
  ///   - samples: how many variants each image has.
  ///   - vary: writes a variant, given the image.
  ///   - explain: gets the variants of a piece, [piece, ...], and which they are.
  package func forEachVariant(
    of images: Tensor, samples: Int,
    vary: (Variant, _ image: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) -> Void,
    explain: (Tensor, [Variant]) throws(AttributionError) -> Void
  ) throws(AttributionError) {
    let batch = images.shape[0]
    let count = images.count / max(1, batch)
    try forEachPiece(of: batch * samples) { (piece) throws(AttributionError) in
      let variants = piece.map { Variant(image: $0 / samples, sample: $0 % samples) }
      var dimensions = images.shape.dimensions
      dimensions[0] = piece.count
      let varied = Tensor(uninitialized: Shape(dimensions)) { target in
        withPointers(images) { source in
          parallelFor(piece.count) { row in
            vary(variants[row], source + variants[row].image * count, target + row * count)
          }
        }
      }
      try explain(varied, variants)
    }
  }

  /// The context in which variants of images are explained: each has a number of its own, so that a method that draws draws anew for each.
  package func forVariants(_ variants: [Variant], samples: Int) -> AttributionContext {
    var context = self
    context.indices = variants.map { ((indices?[$0.image] ?? $0.image) * samples) + $0.sample }
    return context
  }
}
