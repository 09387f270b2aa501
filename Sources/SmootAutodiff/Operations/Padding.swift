import CSmootKernels
import SmootTensor

/// Zeros around channels-last images.
struct Padding: Rearrangement {
  let name = "pad"
  let padding: Int

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] { [gradient.cropped(by: padding)] }
}

extension Tensor {
  /// Channels-last images without `padding` rows and columns on each side.
  func cropped(by padding: Int) -> Tensor {
    guard padding > 0 else { return self }
    let (batch, channels) = (shape[0], shape[3])
    let (height, width) = (shape[1] - 2 * padding, shape[2] - 2 * padding)
    let (count, paddedCount) = (height * width * channels, shape[1] * shape[2] * channels)
    return Tensor(uninitialized: [batch, height, width, channels]) { target in
      withPointers(self) { source in
        parallelFor(batch) { image in
          smoot_crop_f32(
            height, width, channels, padding, source + image * paddedCount, target + image * count)
        }
      }
    }
  }

  /// Channels-last images with `padding` rows and columns of zeros on each side.
  func padded(by padding: Int) -> Tensor {
    guard padding > 0 else { return self }
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let paddedShape: Shape = [batch, height + 2 * padding, width + 2 * padding, channels]
    // Kernels of 32 bits copy two numbers of 16 at a time.
    let isPaired = precision == .bfloat16 && channels.isMultiple(of: 2)
    let images = isPaired ? self : converted(to: .float32)
    let size = isPaired ? channels / 2 : channels
    let (count, paddedCount) = (
      height * width * size, paddedShape[1] * paddedShape[2] * size
    )
    return Tensor(uninitialized: paddedShape, images.precision) { target in
      let target = target.assumingMemoryBound(to: Float.self)
      images.withBytes { source in
        let source = source.assumingMemoryBound(to: Float.self)
        parallelFor(batch) { image in
          smoot_pad_f32(
            height, width, size, padding, source + image * count, target + image * paddedCount)
        }
      }
    }
  }
}

extension Variable {
  /// Channels-last images with `padding` rows and columns of zeros on each side.
  public func padded(by padding: Int) -> Variable {
    Self.record(Padding(padding: padding), inputs: [self], output: value.padded(by: padding))
  }
}
