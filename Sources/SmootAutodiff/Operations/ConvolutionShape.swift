import CSmootKernels
import SmootTensor

extension smoot_convolution_shape {
  /// The convolution of padded images [batch, height, width, channels] with weights [kernel height, kernel width, input channels, output channels].
  ///
  /// - Precondition: the kernel fits into the images.
  init(images input: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry) {
    self.init(
      input_height: input[1], input_width: input[2], input_channels: input[3],
      output_channels: weight[3], kernel_height: weight[0], kernel_width: weight[1],
      stride: geometry.stride, dilation: geometry.dilation)
    precondition(
      outputHeight > 0 && outputWidth > 0,
      "a kernel of shape \(weight) does not fit into images of shape \(input)")
  }

  var outputHeight: Int { withUnsafePointer(to: self, smoot_convolution_output_height) }
  var outputWidth: Int { withUnsafePointer(to: self, smoot_convolution_output_width) }
  /// Weights of one output channel.
  var taps: Int { kernel_height * kernel_width * input_channels }
  /// Whether one output channel has only a few weights.
  var hasFewTaps: Bool { taps < 64 }
  /// The precision of the products when another one is wished for.
  func precision(_ wanted: Precision) -> Precision {
    let isPaired = input_channels.isMultiple(of: 2) && output_channels.isMultiple(of: 2)
    return hasFewTaps || !isPaired ? .float32 : wanted
  }
  /// Floats of an input image.
  var imageCount: Int { input_height * input_width * input_channels }
  /// Floats of an output image.
  var outputCount: Int { outputHeight * outputWidth * output_channels }
  /// Floats of an output image after 2x2 pooling.
  var pooledCount: Int { (outputHeight / 2) * (outputWidth / 2) * output_channels }

  /// Weights in the order of the forward kernel.
  func packed(_ weight: Tensor) -> Tensor {
    Tensor(uninitialized: [withUnsafePointer(to: self, smoot_convolution_packed_count)]) { packed in
      withPointers(weight) { weight in
        withUnsafePointer(to: self) { smoot_convolution_pack_f32($0, weight, packed) }
      }
    }
  }

  /// Weights [output channels][kernel height x kernel width x input channels].
  func transposed(_ weight: Tensor) -> Tensor {
    Tensor(uninitialized: [output_channels, taps]) { transposed in
      withPointers(weight) { weight in
        withUnsafePointer(to: self) { smoot_convolution_transpose_f32($0, weight, transposed) }
      }
    }
  }

  /// The matrix whose rows are the pixels under the kernel, for each output pixel of a batch.
  func pixelsUnderKernel(batch: Int) -> GatheredMatrix {
    let (height, width, channels) = (outputHeight, outputWidth, Int(input_channels))
    var rows: [Int] = []
    rows.reserveCapacity(batch * height * width)
    for image in 0..<batch {
      for row in 0..<height {
        let start = image * imageCount + row * stride * input_width * channels
        for column in 0..<width { rows.append(start + column * stride * channels) }
      }
    }
    let segments = (0..<kernel_height).flatMap { row in
      (0..<kernel_width).map { (row * input_width + $0) * dilation * channels }
    }
    return GatheredMatrix(rows: rows, segments: segments, length: channels)
  }

  /// What a kernel of pooled convolution gets for one image.
  typealias PooledKernel = (
    _ image: Int, _ shape: UnsafePointer<smoot_convolution_shape>, _ x: UnsafePointer<Float>,
    _ packed: UnsafePointer<Float>, _ bias: UnsafePointer<Float>,
    _ pooled: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) -> Void

  /// The convolved and 2x2 pooled images of a batch [batch, height, width, channels], image by image; each part of the batch has `scratchCount` floats of scratch.
  ///
  /// - Parameter image: where an image lies, given the shard that works on it and its number.
  func pooledImages(
    _ batch: Int, packed: Tensor, bias: Tensor, scratchCount: Int,
    image: (_ shard: Int, _ image: Int) -> UnsafePointer<Float>, _ kernel: PooledKernel
  ) -> Tensor {
    let shards = Shards(batch: batch)
    let pooledCount = pooledCount
    var scratch = Tensor(uninitialized: [shards.count, scratchCount]) { _ in }
    return Tensor(
      uninitialized: [batch, outputHeight / 2, outputWidth / 2, output_channels]
    ) { output in
      withPointers(packed, bias) { packed, bias in
        scratch.withMutablePointer { scratch in
          parallelFor(shards.count) { shard in
            withUnsafePointer(to: self) { shape in
              for index in shards[shard] {
                kernel(
                  index, shape, image(shard, index), packed, bias, output + index * pooledCount,
                  scratch + shard * scratchCount)
              }
            }
          }
        }
      }
    }
  }
}
