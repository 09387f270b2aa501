import CSmootKernels
import SmootTensor

/// A convolution of channels-last images without padding, with a bias, a ReLU and a 2x2 max-pool, none of whose intermediate results is ever whole in memory.
///
/// Its gradient visits only the output pixels that one reaches; see `pooled_backward_simd.inc`.
struct ConvolutionReLUMaxPool: Operation {
  let name = "convolution, relu, max-pool"
  let shape: smoot_convolution_shape
  let input: Tensor
  let weight: Tensor
  /// Where in its window each maximum lies, or that no gradient flows.
  let source: ByteBuffer

  /// Computes the `batch` images at `input`.
  ///
  /// - Parameter prepare: called with the number of each image before it is read.
  static func forward(
    _ shape: smoot_convolution_shape, _ batch: Int, at input: UnsafePointer<Float>,
    _ weight: Tensor, _ bias: Tensor, _ precision: Precision, prepare: (Int) -> Void = { _ in }
  ) -> (output: Tensor, source: ByteBuffer) {
    let pooledCount = shape.pooledCount
    let source = ByteBuffer(count: batch * pooledCount)
    if precision == .bfloat16 {
      return (forwardRounded(shape, batch, at: input, weight, bias, source, prepare), source)
    }
    let output = shape.pooledImages(
      batch, at: input, packed: shape.packed(weight), bias: bias,
      scratchCount: 2 * shape.outputWidth * Int(shape.output_channels)
    ) { image, shape, x, packed, bias, pooled, scratch in
      prepare(image)
      smoot_convolution_relu_maxpool_forward_f32(
        shape, x, packed, bias, pooled, source.start + image * pooledCount, scratch)
    }
    return (output, source)
  }

  /// Two rows of outputs at a time, as a product with the matrix of the pixels under the kernel.
  private static func forwardRounded(
    _ shape: smoot_convolution_shape, _ batch: Int, at input: UnsafePointer<Float>,
    _ weight: Tensor, _ bias: Tensor, _ source: ByteBuffer, _ prepare: (Int) -> Void
  ) -> Tensor {
    let (width, channels) = (shape.outputWidth, Int(shape.output_channels))
    let (imageCount, pooledCount) = (shape.imageCount, shape.pooledCount)
    let packed = weight.reshaped(to: [shape.taps, channels]).packed(
      isTransposed: false, isKept: true, .bfloat16)
    let product = RoundedProduct(
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
              let image = UnsafeMutableRawPointer(rounded + shard * ((imageCount + 1) / 2))
                .assumingMemoryBound(to: UInt16.self)
              for index in shards[shard] {
                prepare(index)
                smoot_bfloat16_from_f32(imageCount, input + index * imageCount, image)
                for pair in 0..<shape.outputHeight / 2 {
                  let place = index * pooledCount + pair * (width / 2) * channels
                  product(
                    image, pair * 2 * width..<(pair + 1) * 2 * width, bias: bias, into: rows)
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

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    var sums: (weight: Tensor, bias: Tensor)?
    let wantsWeight = needs[1] || needs[2]
    var inputGradient: Tensor?
    if needs[0] {
      let imageCount = shape.imageCount
      inputGradient = Tensor(uninitialized: input.shape) { result in
        sums = gradients(gradient, wantsWeight: wantsWeight) { _, image in
          result + image * imageCount
        }
      }
    } else {
      sums = gradients(gradient, wantsWeight: wantsWeight)
    }
    return [inputGradient, needs[1] ? sums?.weight : nil, needs[2] ? sums?.bias : nil]
  }

  /// Computes the gradients image by image.
  ///
  /// - Parameters:
  ///   - gradient: what arrives at the output.
  ///   - wantsWeight: whether the gradients of the weight and the bias are wanted.
  ///   - target: where the gradient of an input image goes, given the shard that works on it and its number; `nil` when it is not wanted.
  ///   - finish: called after each image, likewise.
  /// - Returns: the gradients of the weight and the bias, if they are wanted.
  func gradients(
    _ gradient: Tensor, wantsWeight: Bool,
    input target: ((_ shard: Int, _ image: Int) -> UnsafeMutablePointer<Float>)? = nil,
    then finish: (_ shard: Int, _ image: Int) -> Void = { _, _ in }
  ) -> (weight: Tensor, bias: Tensor)? {
    let shards = Shards(batch: input.shape[0])
    let (imageCount, pooledCount, weightCount) = (shape.imageCount, shape.pooledCount, weight.count)
    let channels = Int(shape.output_channels)
    let scratchCount = withUnsafePointer(
      to: shape, smoot_convolution_relu_maxpool_backward_scratch)
    let scratch = ByteBuffer(count: max(1, shards.count * scratchCount))
    let partCount = weightCount + channels
    let parts = Tensor(uninitialized: [shards.count, partCount]) { parts in
      withPointers(input, shape.transposed(weight), gradient) { input, transposed, gradient in
        parallelFor(shards.count) { shard in
          let part = parts + shard * partCount
          if wantsWeight { part.update(repeating: 0, count: partCount) }
          withUnsafePointer(to: shape) { shape in
            for image in shards[shard] {
              let result = target?(shard, image)
              result?.update(repeating: 0, count: imageCount)
              smoot_convolution_relu_maxpool_backward_f32(
                shape, input + image * imageCount, transposed,
                source.start + image * pooledCount, gradient + image * pooledCount, result,
                wantsWeight ? part : nil, wantsWeight ? part + weightCount : nil,
                scratch.start + shard * scratchCount)
              finish(shard, image)
            }
          }
        }
      }
      if wantsWeight { shards.sum(parts, length: partCount) }
    }
    guard wantsWeight else { return nil }
    let sum = parts.sliced(axis: 0, 0..<1).reshaped(to: [partCount])
    let weightGradient = sum.sliced(axis: 0, 0..<weightCount)
      .reshaped(to: [channels, weightCount / channels]).transposed.reshaped(to: weight.shape)
    return (weightGradient, sum.sliced(axis: 0, weightCount..<partCount))
  }
}
