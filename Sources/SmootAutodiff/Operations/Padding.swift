import CSmootKernels
import SmootTensor

/// Zeros around channels-last images.
struct Padding: Operation {
  let name = "pad"
  let input: Shape
  let padding: Int

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (height, width, channels) = (input[1], input[2], input[3])
    let count = height * width * channels
    let paddedCount = (height + 2 * padding) * (width + 2 * padding) * channels
    return [
      Tensor(uninitialized: input) { target in
        withPointers(gradient) { source in
          parallelFor(input[0]) { image in
            smoot_crop_f32(
              height, width, channels, padding, source + image * paddedCount,
              target + image * count)
          }
        }
      }
    ]
  }
}

extension Variable {
  /// Channels-last images with `padding` rows and columns of zeros on each side.
  public func padded(by padding: Int) -> Variable {
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let count = height * width * channels
    let paddedShape: Shape = [batch, height + 2 * padding, width + 2 * padding, channels]
    let paddedCount = paddedShape.count / max(1, batch)
    let output = Tensor(uninitialized: paddedShape) { target in
      withPointers(value) { source in
        parallelFor(batch) { image in
          smoot_pad_f32(
            height, width, channels, padding, source + image * count,
            target + image * paddedCount)
        }
      }
    }
    return Self.record(Padding(input: shape, padding: padding), inputs: [self], output: output)
  }
}
