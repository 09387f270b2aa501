import CSmootKernels
package import SmootTensor

/// A convolution of channels-last images, with a bias and perhaps a ReLU.
package struct Convolution: WeightedOperation {
  package let name: String
  package let geometry: ConvolutionGeometry
  /// Of the padded images.
  let shape: smoot_convolution_shape
  /// The padded images.
  let input: Tensor
  let weight: Tensor
  let hasBias: Bool
  /// The output, where a ReLU follows; it tells where the ReLU is open.
  let rectified: Tensor?

  static func forward(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?,
    relu: Bool
  ) -> Tensor {
    let packed = shape.packed(weight)
    let batch = input.shape[0]
    let (imageCount, outputCount) = (shape.imageCount, shape.outputCount)
    let epilogue = relu ? SMOOT_EPILOGUE_RELU : SMOOT_EPILOGUE_NONE
    return Tensor(
      uninitialized: [
        batch, shape.outputHeight, shape.outputWidth, Int(shape.output_channels),
      ]
    ) { output in
      withPointers(input, packed, bias ?? Tensor.zeros([Int(shape.output_channels)])) {
        input, packed, bias in
        parallelFor(batch) { image in
          withUnsafePointer(to: shape) { shape in
            smoot_convolution_forward_f32(
              shape, input + image * imageCount, packed, bias, epilogue,
              output + image * outputCount)
          }
        }
      }
    }
  }

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let upstream = rectified.map { gradient.rectified(by: $0) } ?? gradient
    return [
      needs[0] ? inputGradient(upstream) : nil,
      needs[1] ? weightGradient(upstream) : nil,
    ] + (hasBias ? [needs[2] ? upstream.columnSums(Int(shape.output_channels)) : nil] : [])
  }

  package func applied(to input: Variable, weight: Variable, bias: Variable?) -> Variable {
    input.convolution(weight, bias: bias, geometry: geometry)
  }

  private func weightGradient(_ upstream: Tensor) -> Tensor {
    let shards = Shards(batch: input.shape[0])
    let (imageCount, outputCount, count) = (shape.imageCount, shape.outputCount, weight.count)
    let parts = Tensor(uninitialized: [shards.count, count]) { parts in
      withPointers(input, upstream) { input, upstream in
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

  private func inputGradient(_ upstream: Tensor) -> Tensor {
    // With few input channels the vectors of a transposed convolution would be mostly empty.
    let padded =
      shape.taps <= 64 ? inputGradientByColumns(upstream) : inputGradientByConvolution(upstream)
    return geometry.padding > 0 ? padded.cropped(by: geometry.padding) : padded
  }

  /// The convolution of the upstream gradient, set into zeros, with the flipped and transposed weights.
  private func inputGradientByConvolution(_ upstream: Tensor) -> Tensor {
    var shape = shape
    let transposed = smoot_convolution_input_gradient_shape(&shape)
    let flipped = Tensor(uninitialized: [weight.count]) { flipped in
      withPointers(weight) { smoot_convolution_flip_f32(&shape, $0, flipped) }
    }
    let packed = transposed.packed(flipped)
    let expandedCount = transposed.imageCount
    let (imageCount, outputCount) = (shape.imageCount, shape.outputCount)
    let shards = Shards(batch: input.shape[0])
    let scratch = ByteBuffer(count: shards.count * expandedCount * MemoryLayout<Float>.stride)
    return Tensor(uninitialized: input.shape) { result in
      withPointers(upstream, packed) { upstream, packed in
        scratch.start.withMemoryRebound(to: Float.self, capacity: shards.count * expandedCount) {
          scratch in
          parallelFor(shards.count) { shard in
            var (shape, transposed) = (shape, transposed)
            let expanded = scratch + shard * expandedCount
            for image in shards[shard] {
              smoot_convolution_expand_f32(&shape, upstream + image * outputCount, expanded)
              smoot_convolution_forward_f32(
                &transposed, expanded, packed, nil, SMOOT_EPILOGUE_NONE,
                result + image * imageCount)
            }
          }
        }
      }
    }
  }

  /// The upstream gradient times the transposed weights gives, for each output pixel, what it sends to each input under the kernel.
  private func inputGradientByColumns(_ upstream: Tensor) -> Tensor {
    let shape = shape
    let product = smoot_convolution_shape(
      input_height: shape.outputHeight,
      input_width: shape.outputWidth,
      input_channels: shape.output_channels, output_channels: shape.taps, kernel_height: 1,
      kernel_width: 1, stride: 1, dilation: 1)
    let packed = product.packed(shape.transposed(weight))
    let (columnCount, imageCount, outputCount) = (
      product.outputCount, shape.imageCount, shape.outputCount
    )
    let shards = Shards(batch: input.shape[0])
    return Tensor(uninitialized: input.shape) { result in
      _ = Tensor(uninitialized: [shards.count, columnCount]) { scratch in
        withPointers(upstream, packed) { upstream, packed in
          parallelFor(shards.count) { shard in
            var (shape, product) = (shape, product)
            let columns = scratch + shard * columnCount
            for image in shards[shard] {
              smoot_convolution_forward_f32(
                &product, upstream + image * outputCount, packed, nil, SMOOT_EPILOGUE_NONE, columns)
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
