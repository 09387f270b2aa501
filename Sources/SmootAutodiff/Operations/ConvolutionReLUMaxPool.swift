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

  static func forward(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor,
    _ precision: Precision
  ) -> (output: Tensor, source: ByteBuffer) {
    let pooledCount = shape.pooledCount
    if precision == .bfloat16 {
      let source = ByteBuffer(count: input.shape[0] * pooledCount)
      return (forwardRounded(shape, input, weight, bias, source), source)
    }
    let source = ByteBuffer(count: input.shape[0] * pooledCount)
    let output = shape.pooledImages(
      input, packed: shape.packed(weight), bias: bias,
      scratchCount: 2 * shape.outputWidth * Int(shape.output_channels)
    ) { image, shape, x, packed, bias, pooled, scratch in
      smoot_convolution_relu_maxpool_forward_f32(
        shape, x, packed, bias, pooled, source.start + image * pooledCount, scratch)
    }
    return (output, source)
  }

  /// Two rows of outputs at a time, as a product with the matrix of the pixels under the kernel.
  private static func forwardRounded(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor,
    _ source: ByteBuffer
  ) -> Tensor {
    let (width, channels) = (shape.outputWidth, Int(shape.output_channels))
    let (imageCount, pooledCount) = (shape.imageCount, shape.pooledCount)
    let packed = weight.reshaped(to: [shape.taps, channels]).packed(
      isTransposed: false, isKept: true, .bfloat16)
    let product = RoundedProduct(
      shape.pixelsUnderKernel(batch: 1), packed, columns: channels, rowsOfResult: 2 * width)
    let pairCount = 2 * width * channels
    let shards = Shards(batch: input.shape[0])
    var scratch = Tensor(uninitialized: [shards.count, pairCount]) { _ in }
    var rounded = Tensor(uninitialized: [shards.count, (imageCount + 1) / 2]) { _ in }
    return Tensor(
      uninitialized: [input.shape[0], shape.outputHeight / 2, width / 2, channels]
    ) { output in
      withPointers(input, bias) { input, bias in
        scratch.withMutablePointer { scratch in
          rounded.withMutablePointer { rounded in
            parallelFor(shards.count) { shard in
              let rows = scratch + shard * pairCount
              let image = UnsafeMutableRawPointer(rounded + shard * ((imageCount + 1) / 2))
                .assumingMemoryBound(to: UInt16.self)
              for index in shards[shard] {
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
    let shards = Shards(batch: input.shape[0])
    let (imageCount, pooledCount, weightCount) = (shape.imageCount, shape.pooledCount, weight.count)
    let channels = Int(shape.output_channels)
    let transposed = shape.transposed(weight)
    let scratchCount = withUnsafePointer(
      to: shape, smoot_convolution_relu_maxpool_backward_scratch)
    let scratch = ByteBuffer(count: max(1, shards.count * scratchCount))
    let partCount = weightCount + channels
    var inputGradient = needs[0] ? Tensor(uninitialized: input.shape) { _ in } : nil
    var parts = Tensor(uninitialized: [shards.count, partCount]) { _ in }
    let (wantsInput, wantsWeight) = (needs[0], needs[1] || needs[2])

    withPointers(input, transposed, gradient) { input, transposed, gradient in
      parts.withMutablePointer { parts in
        func run(_ result: UnsafeMutablePointer<Float>?) {
          parallelFor(shards.count) { shard in
            let part = parts + shard * partCount
            if wantsWeight { part.update(repeating: 0, count: partCount) }
            withUnsafePointer(to: shape) { shape in
              for image in shards[shard] {
                let target = result.map { $0 + image * imageCount }
                target?.update(repeating: 0, count: imageCount)
                smoot_convolution_relu_maxpool_backward_f32(
                  shape, input + image * imageCount, transposed,
                  source.start + image * pooledCount, gradient + image * pooledCount, target,
                  wantsWeight ? part : nil, wantsWeight ? part + weightCount : nil,
                  scratch.start + shard * scratchCount)
              }
            }
          }
          if wantsWeight { shards.sum(parts, length: partCount) }
        }
        if wantsInput { inputGradient?.withMutablePointer { run($0) } } else { run(nil) }
      }
    }
    guard wantsWeight else { return [inputGradient, nil, nil] }
    let sum = parts.sliced(axis: 0, 0..<1).reshaped(to: [partCount])
    let weightGradient = sum.sliced(axis: 0, 0..<weightCount)
      .reshaped(to: [channels, weightCount / channels]).transposed.reshaped(to: weight.shape)
    return [
      inputGradient, needs[1] ? weightGradient : nil,
      needs[2] ? sum.sliced(axis: 0, weightCount..<partCount) : nil,
    ]
  }
}
