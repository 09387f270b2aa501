import CSmootKernels
import SmootTensor

/// The kernels of a convolution without padding, with a bias, a ReLU and a 2x2 max-pool, and where its maxima came from.
///
/// Its gradients visit only the output pixels that one reaches; see `pooled_backward_simd.inc`.
struct PooledConvolution {
  let shape: smoot_convolution_shape
  let weight: Tensor
  /// Where in its window each maximum lies, or that no gradient flows.
  let source: ByteBuffer

  /// The gradients of the weight and the bias.
  typealias WeightGradients = (weight: Tensor, bias: Tensor)

  /// Computes a batch, image by image.
  ///
  /// - Parameters:
  ///   - batch: how many images there are.
  ///   - image: where an image lies, given the shard that works on it and its number; called before it is read.
  static func forward(
    _ shape: smoot_convolution_shape, _ weight: Tensor, _ bias: Tensor, _ precision: Precision,
    batch: Int, image: (_ shard: Int, _ image: Int) -> UnsafePointer<Float>
  ) -> (convolution: PooledConvolution, output: Tensor) {
    let source = ByteBuffer(count: batch * shape.pooledCount)
    let output =
      precision == .bfloat16
      ? forwardRounded(shape, weight, bias, source, batch, image)
      : forward(shape, weight, bias, source, batch, image)
    return (PooledConvolution(shape: shape, weight: weight, source: source), output)
  }

  private static func forward(
    _ shape: smoot_convolution_shape, _ weight: Tensor, _ bias: Tensor, _ source: ByteBuffer,
    _ batch: Int, _ image: (Int, Int) -> UnsafePointer<Float>
  ) -> Tensor {
    let pooledCount = shape.pooledCount
    return shape.pooledImages(
      batch, packed: shape.packed(weight), bias: bias,
      scratchCount: 2 * shape.outputWidth * Int(shape.output_channels), image: image
    ) { image, shape, x, packed, bias, pooled, scratch in
      smoot_convolution_relu_maxpool_forward_f32(
        shape, x, packed, bias, pooled, source.start + image * pooledCount, scratch)
    }
  }

  /// Two rows of outputs at a time, as a product with the matrix of the pixels under the kernel.
  private static func forwardRounded(
    _ shape: smoot_convolution_shape, _ weight: Tensor, _ bias: Tensor, _ source: ByteBuffer,
    _ batch: Int, _ image: (Int, Int) -> UnsafePointer<Float>
  ) -> Tensor {
    let (width, channels) = (shape.outputWidth, Int(shape.output_channels))
    let (imageCount, pooledCount) = (shape.imageCount, shape.pooledCount)
    let packed = weight.reshaped(to: [shape.taps, channels]).packed(
      isTransposed: false, isKept: true, .bfloat16)
    let product = RowProduct<UInt16>(
      shape.pixelsUnderKernel(batch: 1), packed, columns: channels, rowsOfResult: 2 * width)
    let pairCount = 2 * width * channels
    let shards = Shards(batch: batch)
    var scratch = Tensor(uninitialized: [shards.count, pairCount]) { _ in }
    var rounded = Tensor(uninitialized: [shards.count, (imageCount + 1) / 2]) { _ in }
    return Tensor(
      uninitialized: [batch, shape.outputHeight / 2, width / 2, channels]
    ) { output in
      withPointers(bias) { bias in
        scratch.withMutablePointer { scratch in
          rounded.withMutablePointer { rounded in
            parallelFor(shards.count) { shard in
              let rows = scratch + shard * pairCount
              let halves = UnsafeMutableRawPointer(rounded + shard * ((imageCount + 1) / 2))
                .assumingMemoryBound(to: UInt16.self)
              for index in shards[shard] {
                smoot_bfloat16_from_f32(imageCount, image(shard, index), halves)
                for pair in 0..<shape.outputHeight / 2 {
                  let place = index * pooledCount + pair * (width / 2) * channels
                  product(
                    halves, pair * 2 * width..<(pair + 1) * 2 * width, bias: bias, into: rows)
                  smoot_relu_maxpool_rows_f32(
                    width, channels, rows, output + place, source.start + place)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Computes the gradients image by image.
  ///
  /// - Parameters:
  ///   - gradient: what arrives at the output.
  ///   - wantsWeight: whether the gradients of the weight and the bias are wanted.
  ///   - target: where the gradient of an input image goes, given the shard that works on it and its number; `nil` when it is not wanted.
  ///   - image: where an input image lies, likewise; called before anything of that image.
  ///   - finish: called after each image, likewise.
  /// - Returns: the gradients of the weight and the bias, if they are wanted.
  func gradients(
    _ gradient: Tensor, wantsWeight: Bool,
    input target: ((_ shard: Int, _ image: Int) -> UnsafeMutablePointer<Float>)? = nil,
    then finish: (_ shard: Int, _ image: Int) -> Void = { _, _ in },
    image: (_ shard: Int, _ image: Int) -> UnsafePointer<Float>
  ) -> WeightGradients? {
    let shards = Shards(batch: gradient.shape[0])
    let (imageCount, pooledCount, weightCount) = (shape.imageCount, shape.pooledCount, weight.count)
    let channels = Int(shape.output_channels)
    let scratchCount = withUnsafePointer(
      to: shape, smoot_convolution_relu_maxpool_backward_scratch)
    let scratch = ByteBuffer(count: max(1, shards.count * scratchCount))
    let partCount = wantsWeight ? weightCount + channels : 0
    let sum = shards.total(partCount) { parts in
      withPointers(shape.transposed(weight), gradient) { transposed, gradient in
        parallelFor(shards.count) { shard in
          let part = parts + shard * partCount
          part.update(repeating: 0, count: partCount)
          withUnsafePointer(to: shape) { shape in
            for index in shards[shard] {
              let input = image(shard, index)
              let result = target?(shard, index)
              result?.update(repeating: 0, count: imageCount)
              smoot_convolution_relu_maxpool_backward_f32(
                shape, input, transposed,
                source.start + index * pooledCount, gradient + index * pooledCount, result,
                wantsWeight ? part : nil, wantsWeight ? part + weightCount : nil,
                scratch.start + shard * scratchCount)
              finish(shard, index)
            }
          }
        }
      }
    }
    guard wantsWeight else { return nil }
    let weightGradient = sum.sliced(axis: 0, 0..<weightCount)
      .reshaped(to: [channels, weightCount / channels]).transposed.reshaped(to: weight.shape)
    return (weightGradient, sum.sliced(axis: 0, weightCount..<partCount))
  }
}
