import CSmootKernels
import SmootTensor

/// A 3x3 convolution of channels-last images with a bias, a ReLU and a 2x2 max-pool, by Winograd's method: for passes that are not differentiated.
enum WinogradReLUMaxPool {
  static func forward(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor
  ) -> Tensor {
    let packedCount = withUnsafePointer(to: shape, smoot_winograd_packed_count)
    let packed = Tensor(uninitialized: [packedCount]) { packed in
      withPointers(weight) { weight in
        withUnsafePointer(to: shape) { smoot_winograd_pack_f32($0, weight, packed) }
      }
    }
    let batch = input.shape[0]
    let shards = Shards(batch: batch)
    let scratchCount = withUnsafePointer(to: shape, smoot_winograd_scratch)
    var scratch = Tensor(uninitialized: [shards.count, scratchCount]) { _ in }
    let (imageCount, pooledCount) = (shape.imageCount, shape.pooledCount)
    return Tensor(
      uninitialized: [
        batch, shape.outputHeight / 2, shape.outputWidth / 2, Int(shape.output_channels),
      ]
    ) { output in
      withPointers(input, packed, bias) { input, packed, bias in
        scratch.withMutablePointer { scratch in
          parallelFor(shards.count) { shard in
            withUnsafePointer(to: shape) { shape in
              for image in shards[shard] {
                smoot_winograd_relu_maxpool_f32(
                  shape, input + image * imageCount, packed, bias, output + image * pooledCount,
                  scratch + shard * scratchCount)
              }
            }
          }
        }
      }
    }
  }
}
