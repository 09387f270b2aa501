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
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor
  ) -> (output: Tensor, source: ByteBuffer) {
    let pooledCount = shape.pooledCount
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
