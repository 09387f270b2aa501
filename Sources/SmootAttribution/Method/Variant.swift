/// One of several variants of an image of a batch: a noisy one, a masked one, one on the way from a baseline.
package struct Variant: Sendable, Hashable {
  /// The image's place in the batch.
  package let image: Int
  /// The number of the variant.
  package let sample: Int
}
