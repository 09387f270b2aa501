import SmootMasking
import SmootTensor

extension Tensor {
  /// Replaces, in all channels of each image, the pixels at some ranks.
  mutating func replace(
    _ order: SaliencyOrder, _ ranks: Range<Int>, by replacement: Tensor
  ) {
    let (batch, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
    withPointers(replacement) { source in
      withMutablePointer { target in
        for image in 0..<batch {
          for rank in ranks {
            let pixel = Int(order.indices[image * pixels + rank])
            for channel in 0..<channels {
              let at = (image * channels + channel) * pixels + pixel
              target[at] = source[at]
            }
          }
        }
      }
    }
  }
}
