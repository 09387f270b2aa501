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
    return shards.total(count) { parts in
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
    }.reshaped(to: weight.shape)
  }

  /// The upstream gradient times the transposed weights gives, for each output pixel, what it sends to each input under the kernel.
  func inputGradientByColumns(_ upstream: Tensor) -> Tensor {
    let (taps, channels) = (shape.taps, Int(shape.output_channels))
    let packed = weight.reshaped(to: [taps, channels]).packed(
      isTransposed: true, isKept: true
    ).tensor
    let (imageCount, outputCount) = (shape.imageCount, shape.outputCount)
    let columnCount = outputCount / channels * taps
    let shards = Shards(batch: input.shape[0])
    return Tensor(uninitialized: input.shape) { result in
      _ = Tensor(uninitialized: [shards.count, columnCount]) { scratch in
        withPointers(upstream, packed) { upstream, packed in
          parallelFor(shards.count) { shard in
            var shape = shape
            let columns = scratch + shard * columnCount
            for image in shards[shard] {
              smoot_packed_product_f32(
                outputCount / channels, taps, channels, 0, taps, 1, upstream + image * outputCount,
                channels, 1, packed, 0, columns, taps)
              let target = result + image * imageCount
              target.update(repeating: 0, count: imageCount)
              smoot_convolution_scatter_columns_f32(&shape, columns, target)
            }
          }
        }
      }
    }
  }
}
