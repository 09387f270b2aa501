import CSmootKernels
import SmootTensor

/// A 3x3 convolution of channels-last images, and its gradients where the padding is 1, by Winograd's method; see `smoot_winograd.h`.
struct WinogradConvolution {
  private let shape: smoot_winograd_shape
  /// Whether the method gives the gradient of the weights as well.
  var hasWeightGradient: Bool { shape.stride == 1 }
  /// Of the products, whose factors are transformed.
  let precision: Precision

  /// The convolution of images [batch, height, width, channels] with weights [3, 3, input channels, output channels] and a padding of 1; `nil` where the method does not serve, or costs
  /// more than it saves: it computes whole tiles, of 4x4 pixels.
  init?(
    images: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry, _ precision: Precision
  ) {
    guard (1...2).contains(geometry.stride),
      geometry == ConvolutionGeometry(stride: geometry.stride, padding: 1)
    else { return nil }
    self.init(images, weight, stride: geometry.stride, padding: 1, precision)
  }

  /// The same without padding and in 32 bits, for passes that are not differentiated.
  init?(unpadded images: Shape, _ weight: Shape) {
    self.init(images, weight, stride: 1, padding: 0, .float32)
  }

  private init?(
    _ images: Shape, _ weight: Shape, stride: Int, padding: Int, _ precision: Precision
  ) {
    guard weight[0] == 3, weight[1] == 3, images.count > 0,
      smoot_winograd_f4x4_serves(weight[2], weight[3]) != 0
    else { return nil }
    let shape = smoot_winograd_shape(
      batch: images[0], height: images[1], width: images[2], padding: padding, stride: stride,
      input_channels: weight[2], output_channels: weight[3])
    self.init(shape, precision)
    let extents = outputShape
    guard extents[1] >= 4, extents[2] >= 4 else { return nil }
  }

  private init(_ shape: smoot_winograd_shape, _ precision: Precision) {
    (self.shape, self.precision) = (shape, precision)
  }

  /// [batch, output height, output width, output channels].
  private var outputShape: Shape {
    func extent(_ input: Int) -> Int { (input + 2 * shape.padding - 3) / shape.stride + 1 }
    return [shape.batch, extent(shape.height), extent(shape.width), shape.output_channels]
  }

  /// The convolution, with what follows.
  func forward(_ input: Tensor, _ weight: Tensor, _ epilogue: ProductEpilogue) -> Tensor {
    convolved(
      input, weight.packedForWinograd(stride: shape.stride, isTurnedAround: false, precision),
      epilogue, outputShape, smoot_winograd_f4x4_tasks, smoot_winograd_f4x4_forward)
  }

  /// The convolution, a ReLU, and the maximum of each window of 2x2.
  func forwardReLUMaxPool(_ input: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
    let whole = outputShape
    return convolved(
      input, weight.packedForWinograd(isTurnedAround: false, .float32),
      ProductEpilogue(shift: bias, rectifies: true),
      [whole[0], whole[1] / 2, whole[2] / 2, whole[3]], smoot_winograd_f4x4_tasks
    ) { _, shape, task, input, packed, epilogue, output in
      smoot_winograd_f4x4_maxpool_f32(
        shape, task, input.assumingMemoryBound(to: Float.self), packed, epilogue,
        output.assumingMemoryBound(to: Float.self))
    }
  }

  /// [batch, height, width, input channels], given [batch, height, width, output channels].
  ///
  /// - Parameter sum: what the gradient is added to.
  func inputGradient(
    _ upstream: Tensor, _ weight: Tensor, addingTo sum: consuming Tensor?
  ) -> Tensor {
    convolved(
      upstream, weight.packedForWinograd(stride: shape.stride, isTurnedAround: true, precision),
      ProductEpilogue(), [shape.batch, shape.height, shape.width, shape.input_channels],
      addingTo: sum, smoot_winograd_f4x4_input_gradient_tasks, smoot_winograd_f4x4_input_gradient)
  }

  /// One task of a convolution.
  private typealias Kernel = (
    smoot_number, UnsafePointer<smoot_winograd_shape>, _ task: Int, _ input: UnsafeRawPointer,
    _ packed: UnsafePointer<Float>, UnsafePointer<smoot_epilogue>, UnsafeMutableRawPointer
  ) -> Int32

  private func convolved(
    _ input: Tensor, _ packed: Tensor, _ epilogue: ProductEpilogue, _ output: Shape,
    addingTo sum: consuming Tensor? = nil,
    _ tasks: (UnsafePointer<smoot_winograd_shape>) -> Int, _ kernel: Kernel
  ) -> Tensor {
    .computed(output, precision, addingTo: sum) { output, adds in
      var epilogue = epilogue
      epilogue.addsToResult = adds
      epilogue.addend = epilogue.addend?.converted(to: precision)
      input.converted(to: precision).withBytes { input in
        epilogue.withKernelArgument(for: output) { epilogue in
          packed.withBytes { packed in
            let packed = packed.assumingMemoryBound(to: Float.self)
            forEachTask(withUnsafePointer(to: shape, tasks)) { shape, task in
              kernel(precision.kind, shape, task, input, packed, epilogue, output)
            }
          }
        }
      }
    }
  }

  /// [3, 3, input channels, output channels], given the images and [batch, height, width, output channels].
  func weightGradient(_ input: Tensor, _ upstream: Tensor) -> Tensor {
    let extents: Shape = [3, 3, shape.input_channels, shape.output_channels]
    let parts = Shards(batch: withUnsafePointer(to: shape, smoot_winograd_f4x4_parts))
    return parts.total(extents.count) { sums in
      input.converted(to: precision).withBytes { input in
        upstream.converted(to: precision).withBytes { upstream in
          forEachTask(
            withUnsafePointer(to: shape, smoot_winograd_f4x4_gradient_tasks)
          ) { shape, task in
            smoot_winograd_f4x4_weight_gradient(
              precision.kind, shape, task, input, upstream, sums)
          }
        }
      }
    }.reshaped(to: extents)
  }

  private func forEachTask(
    _ count: Int, _ body: (UnsafePointer<smoot_winograd_shape>, _ task: Int) -> Int32
  ) {
    parallelFor(count) { task in
      let status = withUnsafePointer(to: shape) { body($0, task) }
      precondition(status == 0, "there is no memory left for the tiles of a convolution")
    }
  }
}
