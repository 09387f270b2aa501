import CSmootKernels
import SmootTensor

/// A convolution with few taps, image by image: rows of pixels that lie side by side need no places of their own.
extension Convolution {
  static func forwardByImages(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?,
    relu: Bool
  ) -> Tensor {
    let outputCount = shape.outputCount
    return Tensor(
      uninitialized: [
        input.shape[0], shape.outputHeight, shape.outputWidth, Int(shape.output_channels),
      ]
    ) { output in
      withImageKernel(shape, input, weight, bias, relu: relu) { convolve in
        parallelFor(input.shape[0]) { convolve($0, output + $0 * outputCount) }
      }
    }
  }

  /// Hands out a function that convolves the image of a number, whichever thread calls it, and writes the result where it is told.
  static func withImageKernel<Result>(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?,
    relu: Bool, _ body: ((_ image: Int, _ output: UnsafeMutablePointer<Float>) -> Void) -> Result
  ) -> Result {
    let imageCount = shape.imageCount
    let epilogue = relu ? SMOOT_EPILOGUE_RELU : SMOOT_EPILOGUE_NONE
    return withPointers(
      input, shape.packed(weight), bias ?? Tensor.zeros([Int(shape.output_channels)])
    ) { input, packed, bias in
      body { image, output in
        withUnsafePointer(to: shape) {
          smoot_convolution_forward_f32(
            $0, input + image * imageCount, packed, bias, epilogue, output)
        }
      }
    }
  }

  func weightGradientByImages(_ upstream: Tensor) -> Tensor {
    let shards = Shards(batch: input.shape[0])
    let (imageCount, outputCount, count) = (shape.imageCount, shape.outputCount, weight.count)
    let parts = Tensor(uninitialized: [shards.count, count]) { parts in
      withPointers(input.tensor, upstream) { input, upstream in
        parallelFor(shards.count) { shard in
          let part = parts + shard * count
          part.update(repeating: 0, count: count)
          withUnsafePointer(to: shape) { shape in
            for image in shards[shard] {
              smoot_convolution_weight_gradient_f32(
                shape, input + image * imageCount, upstream + image * outputCount, part)
            }
          }
        }
      }
      shards.sum(parts, length: count)
    }
    return parts.sliced(axis: 0, 0..<1).reshaped(to: weight.shape)
  }

  /// How many floats of scratch the gradient of one input image takes.
  var columnCount: Int { shape.outputCount / Int(shape.output_channels) * shape.taps }

  /// The weight as ``sendImage(_:packed:columns:to:)`` reads it.
  var packedForColumns: Tensor {
    weight.reshaped(to: [shape.taps, Int(shape.output_channels)])
      .packed(isTransposed: true, isKept: true).tensor
  }

  /// The upstream gradient of an image times the transposed weights gives, for each output pixel, what it sends to each input under the kernel.
  func sendImage(
    _ upstream: UnsafePointer<Float>, packed: UnsafePointer<Float>,
    columns: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>
  ) {
    let (taps, channels) = (shape.taps, Int(shape.output_channels))
    smoot_packed_product_f32(
      shape.outputCount / channels, taps, channels, 0, taps, 1, upstream, channels, 1, packed, 0,
      columns, taps)
    target.update(repeating: 0, count: shape.imageCount)
    withUnsafePointer(to: shape) { smoot_convolution_scatter_columns_f32($0, columns, target) }
  }

  func inputGradientByColumns(_ upstream: Tensor) -> Tensor {
    let (imageCount, outputCount) = (shape.imageCount, shape.outputCount)
    let columnCount = columnCount
    let shards = Shards(batch: input.shape[0])
    return Tensor(uninitialized: input.shape) { result in
      _ = Tensor(uninitialized: [shards.count, columnCount]) { scratch in
        withPointers(upstream, packedForColumns) { upstream, packed in
          parallelFor(shards.count) { shard in
            for image in shards[shard] {
              sendImage(
                upstream + image * outputCount, packed: packed,
                columns: scratch + shard * columnCount, to: result + image * imageCount)
            }
          }
        }
      }
    }
  }
}
