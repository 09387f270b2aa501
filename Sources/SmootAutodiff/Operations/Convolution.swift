import CSmootKernels
package import SmootTensor

/// A convolution of channels-last images, with a bias and perhaps a ReLU.
///
/// In general a product with the matrix of the pixels under the kernel, none of which is written down (``GatheredMatrix``); where the kernel has few taps, as in a first layer,
/// kernels that go image by image are faster; and Winograd's method, where it is asked for and serves.
package struct Convolution: WeightedOperation {
  package let name: String
  package let geometry: ConvolutionGeometry
  /// The extents of the padded images.
  let shape: smoot_convolution_shape
  /// The padded images; for Winograd's method those without the padding.
  let input: Operand
  let weight: Tensor
  /// Winograd's method, where it is taken.
  let winograd: WinogradConvolution?
  /// The pixels under the kernel; `nil` where the convolution is computed image by image.
  let pixels: GatheredMatrix?
  let hasBias: Bool
  /// The output, where a ReLU follows; it tells where the ReLU is open.
  let rectified: Tensor?

  static func forward(
    _ shape: smoot_convolution_shape, _ pixels: GatheredMatrix?, _ input: Operand,
    _ weight: Tensor, _ bias: Tensor?, relu: Bool
  ) -> Tensor {
    guard let pixels else {
      return forwardByImages(shape, input.tensor, weight, bias, relu: relu)
    }
    let (batch, channels) = (input.shape[0], Int(shape.output_channels))
    let packed = weight.reshaped(to: [shape.taps, channels]).packed(
      isTransposed: false, isKept: true, input.precision)
    return Tensor(uninitialized: [batch, shape.outputHeight, shape.outputWidth, channels]) {
      pixels.product(
        in: input, packed, columns: channels, bias: bias, rectifies: relu,
        targets: (0..<pixels.rowCount).map { $0 * channels }, into: $0)
    }
  }

  /// Image by image: rows of pixels that lie side by side need no places of their own.
  private static func forwardByImages(
    _ shape: smoot_convolution_shape, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?,
    relu: Bool
  ) -> Tensor {
    let (batch, channels) = (input.shape[0], Int(shape.output_channels))
    let (imageCount, outputCount) = (shape.imageCount, shape.outputCount)
    let epilogue = relu ? SMOOT_EPILOGUE_RELU : SMOOT_EPILOGUE_NONE
    return Tensor(uninitialized: [batch, shape.outputHeight, shape.outputWidth, channels]) {
      output in
      withPointers(input, shape.packed(weight), bias ?? Tensor.zeros([channels])) {
        input, packed, bias in
        parallelFor(batch) { image in
          withUnsafePointer(to: shape) {
            smoot_convolution_forward_f32(
              $0, input + image * imageCount, packed, bias, epilogue, output + image * outputCount)
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
    if let winograd { return winograd.weightGradient(input.tensor, upstream) }
    guard let pixels else { return weightGradientByImages(upstream) }
    return pixels.gradient(in: input, Operand(upstream, input.precision))
      .reshaped(to: weight.shape)
  }

  private func weightGradientByImages(_ upstream: Tensor) -> Tensor {
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

  private func inputGradient(_ upstream: Tensor) -> Tensor {
    if let winograd { return winograd.inputGradient(upstream, weight) }
    // With few input channels the vectors of a transposed convolution would be mostly empty.
    return pixels == nil
      ? inputGradientByColumns(upstream).cropped(by: geometry.padding)
      : TransposedConvolution(shape, padding: geometry.padding)(
        upstream, weight, input.precision)
  }

  /// The upstream gradient times the transposed weights gives, for each output pixel, what it sends to each input under the kernel.
  private func inputGradientByColumns(_ upstream: Tensor) -> Tensor {
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
