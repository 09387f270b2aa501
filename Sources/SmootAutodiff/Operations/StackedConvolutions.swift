import CSmootKernels
import SmootTensor

/// Two convolutions of channels-last images without padding, each with a bias and a ReLU, and a 2x2 max-pool; the first has few taps.
///
/// What passes between the two is read while it is in the cache: an image forward, and its gradient, which is never whole in memory.
struct StackedConvolutions: Operation {
  let name = "two convolutions, relu, max-pool"
  let first: Convolution
  let second: ConvolutionReLUMaxPool

  /// The stack with its output.
  ///
  /// - Parameters:
  ///   - input: the images.
  ///   - extents: those of the two convolutions.
  ///   - weights: their kernels.
  ///   - biases: their biases.
  ///   - precision: of the second one's products.
  static func forward(
    _ input: Tensor, _ extents: (smoot_convolution_shape, smoot_convolution_shape),
    _ weights: (Tensor, Tensor), _ biases: (Tensor, Tensor), _ precision: Precision
  ) -> (operation: StackedConvolutions, output: Tensor) {
    let batch = input.shape[0]
    let between: Shape = [
      batch, extents.1.input_height, extents.1.input_width, extents.1.input_channels,
    ]
    var result: (output: Tensor, source: ByteBuffer)?
    let hidden = Tensor(uninitialized: between) { hidden in
      result = Convolution.withImageKernel(
        extents.0, input, weights.0, biases.0, relu: true, into: hidden
      ) { convolve in
        ConvolutionReLUMaxPool.forward(
          extents.1, batch, at: hidden, weights.1, biases.1, precision, prepare: convolve)
      }
    }
    guard let result else { preconditionFailure("the images were not convolved") }
    let first = Convolution(
      name: "convolution, relu", geometry: ConvolutionGeometry(), shape: extents.0,
      input: Operand(input, .float32), weight: weights.0, pixels: nil, hasBias: true,
      rectified: hidden)
    let second = ConvolutionReLUMaxPool(
      shape: extents.1, input: hidden, weight: weights.1, source: result.source)
    return (StackedConvolutions(first: first, second: second), result.output)
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let ofFirst = needs[1] || needs[2]
    guard needs[0] || ofFirst else {
      return [nil, nil] + second.backward(gradient, needs: [false, needs[3], needs[4]])
    }
    var images: Tensor?
    var sums: Sums
    if needs[0] {
      sums = (nil, nil)
      images = Tensor(uninitialized: first.input.shape) {
        sums = gradients(gradient, ofFirst: ofFirst, ofSecond: needs[3] || needs[4], images: $0)
      }
    } else {
      sums = gradients(gradient, ofFirst: ofFirst, ofSecond: needs[3] || needs[4], images: nil)
    }
    return [
      images, needs[1] ? sums.first?.weight : nil, needs[2] ? sums.first?.bias : nil,
      needs[3] ? sums.second?.weight : nil, needs[4] ? sums.second?.bias : nil,
    ]
  }

  /// The gradients of the weight and the bias of each convolution, where they are wanted.
  private typealias Sums = (
    first: (weight: Tensor, bias: Tensor)?, second: (weight: Tensor, bias: Tensor)?
  )

  /// Computes the gradients image by image; that of the images goes to `images` unless it is `nil`.
  private func gradients(
    _ gradient: Tensor, ofFirst: Bool, ofSecond: Bool, images: UnsafeMutablePointer<Float>?
  ) -> Sums {
    let shards = Shards(batch: gradient.shape[0])
    let (imageCount, hiddenCount) = (first.shape.imageCount, second.shape.imageCount)
    let (weightCount, channels) = (first.weight.count, Int(first.shape.output_channels))
    let partCount = weightCount + channels
    // Whole cache lines, so that the vectors of every shard are aligned.
    let scratchCount = (hiddenCount + (images == nil ? 0 : first.columnCount) + 15) / 16 * 16
    var scratch = Tensor(uninitialized: [shards.count, scratchCount]) { _ in }
    var ofSecondSums: (weight: Tensor, bias: Tensor)?
    let parts = Tensor(uninitialized: [shards.count, partCount]) { parts in
      parts.update(repeating: 0, count: shards.count * partCount)
      withPointers(first.input.tensor, second.input, first.packedForColumns) {
        input, hidden, packed in
        scratch.withMutablePointer { scratch in
          ofSecondSums = second.gradients(
            gradient, wantsWeight: ofSecond, input: { shard, _ in scratch + shard * scratchCount }
          ) { shard, image in
            let upstream = scratch + shard * scratchCount
            smoot_relu_backward_f32(hiddenCount, hidden + image * hiddenCount, upstream, upstream)
            if ofFirst {
              let part = parts + shard * partCount
              withUnsafePointer(to: first.shape) {
                smoot_convolution_weight_gradient_f32(
                  $0, input + image * imageCount, upstream, part)
              }
              smoot_column_sums_f32(hiddenCount / channels, channels, upstream, part + weightCount)
            }
            if let images {
              first.sendImage(
                upstream, packed: packed, columns: upstream + hiddenCount,
                to: images + image * imageCount)
            }
          }
        }
      }
      shards.sum(parts, length: partCount)
    }
    guard ofFirst else { return (nil, ofSecondSums) }
    let sum = parts.sliced(axis: 0, 0..<1).reshaped(to: [partCount])
    return (
      (
        sum.sliced(axis: 0, 0..<weightCount).reshaped(to: first.weight.shape),
        sum.sliced(axis: 0, weightCount..<partCount)
      ), ofSecondSums
    )
  }
}
