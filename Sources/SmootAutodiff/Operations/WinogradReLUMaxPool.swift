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
    return shape.pooledImages(
      input, packed: packed, bias: bias,
      scratchCount: withUnsafePointer(to: shape, smoot_winograd_scratch)
    ) { _, shape, x, packed, bias, pooled, scratch in
      smoot_winograd_relu_maxpool_f32(shape, x, packed, bias, pooled, scratch)
    }
  }
}
