import CSmootKernels
import SmootTensor

/// A convolution with few taps, image by image: rows of pixels that lie side by side need no places of their own.
extension Convolution {
  /// The convolution of all images, kept in a precision.
  static func forwardByImages(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?,
    relu: Bool, _ precision: Precision
  ) -> Tensor {
    let (batch, outputCount) = (input.shape[0], shape.outputCount)
    let extents: Shape = [
      batch, shape.outputHeight, shape.outputWidth, Int(shape.output_channels),
    ]
    func forward<Number: ProductNumber>(_: Number.Type) -> Tensor {
      Tensor(uninitialized: extents, precision) { output in
        let output = output.assumingMemoryBound(to: Number.self)
        withImageKernel(shape, input, weight, bias, relu: relu) { convolve in
          parallelFor(batch) { image in
            let staging = room(for: outputCount, precision)
            defer { withExtendedLifetime(staging) {} }
            Number.keep(
              outputCount, in: output + image * outputCount, staging: staging.start
            ) { convolve(image, $0) }
          }
        }
      }
    }
    switch precision {
    case .float32: return forward(Float.self)
    case .bfloat16: return forward(UInt16.self)
    }
  }

  /// Room for floats between a kernel and numbers of another precision.
  private static func room(for count: Int, _ precision: Precision) -> NumberStorage<Float> {
    NumberStorage(count: precision == .float32 ? 1 : count)
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
      withPointers(input) { input in
        upstream.withFloats { floats in
          parallelFor(shards.count) { shard in
            let part = parts + shard * count
            part.update(repeating: 0, count: count)
            let room = Self.room(for: outputCount, upstream.precision)
            defer { withExtendedLifetime(room) {} }
            withUnsafePointer(to: shape) { shape in
              for image in shards[shard] {
                let elements = image * outputCount..<(image + 1) * outputCount
                smoot_convolution_weight_gradient_f32(
                  shape, input + image * imageCount, floats(elements, room.start), part)
              }
            }
          }
        }
      }
    }.reshaped(to: weight.shape)
  }

  /// The upstream gradient times the transposed weights gives, for each output pixel, what it sends to each input under the kernel.
  func inputGradientByColumns(_ upstream: Tensor) -> Tensor {
    let (taps, channels) = (shape.taps, Int(shape.output_channels))
    let packed = weight.reshaped(to: [taps, channels]).packed(isTransposed: true, isKept: true)
    let (imageCount, outputCount) = (shape.imageCount, shape.outputCount)
    let columnCount = outputCount / channels * taps
    let shards = Shards(batch: input.shape[0])
    return Tensor(uninitialized: input.shape) { result in
      _ = Tensor(uninitialized: [shards.count, columnCount]) { scratch in
        withPointers(packed) { packed in
          upstream.withFloats { floats in
            parallelFor(shards.count) { shard in
              var shape = shape
              let columns = scratch + shard * columnCount
              let room = Self.room(for: outputCount, upstream.precision)
              defer { withExtendedLifetime(room) {} }
              for image in shards[shard] {
                let elements = image * outputCount..<(image + 1) * outputCount
                smoot_packed_product_f32(
                  outputCount / channels, taps, channels, 0, taps, 1,
                  floats(elements, room.start), channels, 1, packed, 0, columns, taps)
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
}
