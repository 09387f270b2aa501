import CSmootKernels
import SmootTensor

/// Two convolutions of channels-last images without padding, each with a bias and a ReLU, and a 2x2 max-pool; the first has few taps.
///
/// What passes between the two stays in the cache: an image on its way forward, computed again for the gradients, and the gradient with respect to it.
struct StackedConvolutions: Operation {
  let name = "two convolutions, relu, max-pool"
  let first: Convolution
  let firstBias: Tensor
  let second: PooledConvolution

  /// The images.
  var images: Tensor { first.input }

  /// Floats between the two convolutions in whole cache lines, so that the vectors of every shard are aligned.
  private static func hiddenCount(_ shape: smoot_convolution_shape) -> Int {
    (shape.imageCount + 15) / 16 * 16
  }

  /// The stack with its output.
  ///
  /// - Parameters:
  ///   - images: [batch, height, width, channels].
  ///   - shapes: those of the two convolutions.
  ///   - weights: their kernels.
  ///   - biases: their biases.
  ///   - precision: of the second one's products.
  static func forward(
    _ images: Tensor, _ shapes: (smoot_convolution_shape, smoot_convolution_shape),
    _ weights: (Tensor, Tensor), _ biases: (Tensor, Tensor), _ precision: Precision
  ) -> (operation: StackedConvolutions, output: Tensor) {
    let batch = images.shape[0]
    let hiddenCount = hiddenCount(shapes.1)
    var scratch = Tensor(uninitialized: [Shards(batch: batch).count, hiddenCount]) { _ in }
    let second = scratch.withMutablePointer { scratch in
      Convolution.withImageKernel(shapes.0, images, weights.0, biases.0, relu: true) { convolve in
        PooledConvolution.forward(shapes.1, weights.1, biases.1, precision, batch: batch) {
          shard, image in
          let hidden = scratch + shard * hiddenCount
          convolve(image, hidden)
          return UnsafePointer(hidden)
        }
      }
    }
    let first = Convolution(
      name: "convolution, relu", geometry: ConvolutionGeometry(),
      plan: ConvolutionPlan(imageByImage: images, shapes.0), weight: weights.0, hasBias: true,
      rectified: nil)
    return (
      StackedConvolutions(first: first, firstBias: biases.0, second: second.convolution),
      second.output
    )
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    var sums: Sums = (nil, nil)
    var result: Tensor?
    let wanted = (first: needs[1] || needs[2], second: needs[3] || needs[4])
    if needs[0] {
      result = Tensor(uninitialized: images.shape) {
        sums = gradients(gradient, ofFirst: wanted.first, ofSecond: wanted.second, ofImages: $0)
      }
    } else {
      sums = gradients(gradient, ofFirst: wanted.first, ofSecond: wanted.second, ofImages: nil)
    }
    return [
      result, needs[1] ? sums.first?.weight : nil, needs[2] ? sums.first?.bias : nil,
      needs[3] ? sums.second?.weight : nil, needs[4] ? sums.second?.bias : nil,
    ]
  }

  /// The gradients of the weight and the bias of each convolution, where they are wanted.
  private typealias Sums = (
    first: PooledConvolution.WeightGradients?, second: PooledConvolution.WeightGradients?
  )

  /// Computes the gradients image by image; that of the images goes to `ofImages` unless it is `nil`.
  private func gradients(
    _ gradient: Tensor, ofFirst: Bool, ofSecond: Bool, ofImages: UnsafeMutablePointer<Float>?
  ) -> Sums {
    let shards = Shards(batch: gradient.shape[0])
    let (imageCount, hiddenCount) = (first.shape.imageCount, Self.hiddenCount(second.shape))
    let (weightCount, channels) = (first.weight.count, Int(first.shape.output_channels))
    let partCount = ofFirst ? weightCount + channels : 0
    let isHiddenWanted = ofFirst || ofImages != nil
    // An image between the two, and the gradient with respect to it.
    var scratch = Tensor(uninitialized: [shards.count, 2 * hiddenCount]) { _ in }
    var sumsOfSecond: PooledConvolution.WeightGradients?
    let sum = shards.total(partCount) { parts in
      parts.update(repeating: 0, count: shards.count * partCount)
      scratch.withMutablePointer { scratch in
        let hidden = { (shard: Int) in scratch + shard * 2 * hiddenCount }
        withPointers(images, first.weight) { images, weight in
          Convolution.withImageKernel(
            first.shape, self.images, first.weight, firstBias, relu: true
          ) { convolve in
            sumsOfSecond = second.gradients(
              gradient, wantsWeight: ofSecond,
              input: isHiddenWanted ? { shard, _ in hidden(shard) + hiddenCount } : nil,
              then: { shard, image in
                guard isHiddenWanted else { return }
                let part = parts + shard * partCount
                withUnsafePointer(to: first.shape) {
                  smoot_convolution_relu_backward_f32(
                    $0, images + image * imageCount, hidden(shard), weight,
                    hidden(shard) + hiddenCount, ofFirst ? part : nil,
                    ofFirst ? part + weightCount : nil, ofImages.map { $0 + image * imageCount })
                }
              }
            ) { shard, image in
              convolve(image, hidden(shard))
              return UnsafePointer(hidden(shard))
            }
          }
        }
      }
    }
    guard ofFirst else { return (nil, sumsOfSecond) }
    return (
      (
        sum.sliced(axis: 0, 0..<weightCount).reshaped(to: first.weight.shape),
        sum.sliced(axis: 0, weightCount..<partCount)
      ), sumsOfSecond
    )
  }
}
