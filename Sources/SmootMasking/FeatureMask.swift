import CSmootKernels
public import SmootTensor

/// Which elements of each image of a batch are masked.
public struct FeatureMask {
  /// How many images there are.
  public let batch: Int
  /// How many elements an image has: its pixels, or its pixels times its channels.
  public let elements: Int
  /// 1 for a masked element, else 0; [batch, elements].
  public private(set) var bytes: [UInt8]

  /// Masks the elements with the lowest saliency of each image.
  ///
  /// Equal values are taken in the order of their indices, so that the result is defined for constant regions too; -0 equals 0, and NaN counts as the highest.
  ///
  /// - Parameters:
  ///   - saliency: [batch, elements].
  ///   - counts: how many elements of each image to mask; more than there are means all.
  public init(lowest saliency: Tensor, counts: [Int]) {
    precondition(
      saliency.shape.rank == 2 && saliency.shape[0] == counts.count,
      "\(counts.count) mask sizes do not fit saliency of shape \(saliency.shape)")
    let (batch, elements) = (saliency.shape[0], saliency.shape[1])
    self.batch = batch
    self.elements = elements
    bytes = Array(repeating: 0, count: batch * elements)
    let shards = Shards(batch: batch)
    var scratch = [UInt32](repeating: 0, count: shards.count * 2 * elements)
    bytes.withUnsafeMutableBufferPointer { bytes in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let bytes = bytes.baseAddress, let scratch = scratch.baseAddress else { return }
        withPointers(saliency) { saliency in
          parallelFor(shards.count) { shard in
            for image in shards[shard] {
              smoot_mask_lowest_f32(
                elements, saliency + image * elements, max(0, counts[image]),
                bytes + image * elements, scratch + shard * 2 * elements)
            }
          }
        }
      }
    }
  }

  /// Masks what a function says, for one image after the other.
  public init(batch: Int, elements: Int, isMasked: (_ image: Int, _ element: Int) -> Bool) {
    self.batch = batch
    self.elements = elements
    bytes = (0..<batch * elements).map { isMasked($0 / elements, $0 % elements) ? 1 : 0 }
  }
}
