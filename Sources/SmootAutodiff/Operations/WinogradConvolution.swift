import CSmootKernels
import SmootTensor

/// A 3x3 convolution of channels-last images with stride 1 and a padding of 1, and its gradients, by Winograd's method; see `smoot_winograd.h`.
struct WinogradConvolution {
  private let shape: smoot_winograd_shape
  /// Of the products, whose factors are transformed.
  private let precision: Precision

  /// The convolution of images [batch, height, width, channels] with weights [3, 3, input channels, output channels]; `nil` where the method does not serve, or costs more than it
  /// saves: it computes whole tiles, of 4x4 pixels.
  init?(
    images: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry, _ precision: Precision
  ) {
    guard weight[0] == 3, weight[1] == 3, images.count > 0,
      images[1] >= 4, images[2] >= 4,
      geometry == ConvolutionGeometry(padding: 1),
      smoot_winograd_f4x4_serves(weight[2], weight[3]) != 0
    else { return nil }
    shape = smoot_winograd_shape(
      batch: images[0], height: images[1], width: images[2], input_channels: weight[2],
      output_channels: weight[3])
    self.precision = precision
  }

  private init(_ shape: smoot_winograd_shape, _ precision: Precision) {
    (self.shape, self.precision) = (shape, precision)
  }

  /// The same convolution from output to input channels.
  private var turnedAround: WinogradConvolution {
    var shape = shape
    swap(&shape.input_channels, &shape.output_channels)
    return WinogradConvolution(shape, precision)
  }

  /// [batch, height, width, output channels], the bias added, and what is below zero set to zero where asked for.
  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?, rectifies: Bool) -> Tensor {
    convolved(
      input, weight.packedForWinograd(isTurnedAround: false, precision), bias, rectifies: rectifies)
  }

  /// [batch, height, width, input channels], given [batch, height, width, output channels].
  func inputGradient(_ upstream: Tensor, _ weight: Tensor) -> Tensor {
    turnedAround.convolved(
      upstream, weight.packedForWinograd(isTurnedAround: true, precision), nil, rectifies: false)
  }

  private func convolved(
    _ input: Tensor, _ packed: Operand, _ bias: Tensor?, rectifies: Bool
  ) -> Tensor {
    let extents: Shape = [shape.batch, shape.height, shape.width, shape.output_channels]
    let kernel =
      precision == .float32
      ? smoot_winograd_f4x4_forward_f32 : smoot_winograd_f4x4_forward_bfloat16
    return Tensor(uninitialized: extents) { output in
      withPointers(input, bias ?? Tensor(0)) { input, biases in
        let biases = bias == nil ? nil : biases
        packed.withElements { packed in
          forEachTask(withUnsafePointer(to: shape, smoot_winograd_f4x4_tasks)) { shape, task in
            kernel(shape, task, input, packed, biases, rectifies ? 1 : 0, output)
          }
        }
      }
    }
  }

  /// [3, 3, input channels, output channels], given the images and [batch, height, width, output channels].
  func weightGradient(_ input: Tensor, _ upstream: Tensor) -> Tensor {
    let extents: Shape = [3, 3, shape.input_channels, shape.output_channels]
    let kernel =
      precision == .float32
      ? smoot_winograd_f4x4_weight_gradient_f32 : smoot_winograd_f4x4_weight_gradient_bfloat16
    let parts = Shards(batch: withUnsafePointer(to: shape, smoot_winograd_f4x4_parts))
    return parts.total(extents.count) { sums in
      withPointers(input, upstream) { input, upstream in
        forEachTask(
          withUnsafePointer(to: shape, smoot_winograd_f4x4_gradient_tasks)
        ) { shape, task in
          kernel(shape, task, input, upstream, sums)
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
