import CSmootKernels
public import SmootTensor

/// The elements of each image in the order of their saliency: every mask of the accuracy-drop curve is a prefix of it.
public struct SaliencyOrder: Sendable {
  /// How many images there are.
  public let batch: Int
  /// How many elements an image has.
  public let elements: Int
  /// The indices of each image's elements from the most to the least salient; [batch, elements].
  public private(set) var indices: [UInt32]

  /// Orders the elements of each image from the highest to the lowest saliency, equal ones by their index.
  ///
  /// - Parameter saliency: [batch, elements].
  public init(descending saliency: Tensor) {
    precondition(saliency.shape.rank == 2, "saliency has two axes, not the shape \(saliency.shape)")
    let (batch, elements) = (saliency.shape[0], saliency.shape[1])
    self.batch = batch
    self.elements = elements
    indices = Array(repeating: 0, count: batch * elements)
    let shards = Shards(batch: batch)
    var scratch = [UInt32](repeating: 0, count: shards.count * 3 * elements)
    indices.withUnsafeMutableBufferPointer { indices in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let indices = indices.baseAddress, let scratch = scratch.baseAddress else { return }
        withPointers(saliency) { saliency in
          parallelFor(shards.count) { shard in
            for image in shards[shard] {
              smoot_order_f32(
                elements, saliency + image * elements, 1, indices + image * elements,
                scratch + shard * 3 * elements)
            }
          }
        }
      }
    }
  }
}
