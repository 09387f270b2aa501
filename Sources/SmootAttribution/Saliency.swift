public import SmootTensor

/// Turns an input gradient into one number for each element that a mask may cover.
public enum Saliency {
  /// One number for each pixel.
  ///
  /// - Parameters:
  ///   - gradients: [batch, channels, height, width].
  ///   - reduction: how channels are put together.
  ///   - isAbsolute: whether the magnitude of the result counts; ``ChannelReduction/absThenMean`` and ``ChannelReduction/maximum`` are never negative anyway.
  /// - Returns: [batch, height x width].
  public static func ofPixels(
    _ gradients: Tensor, _ reduction: ChannelReduction, isAbsolute: Bool
  ) -> Tensor {
    let (batch, channels) = (gradients.shape[0], gradients.shape[1])
    let pixels = gradients.shape[2] * gradients.shape[3]
    return Tensor(uninitialized: [batch, pixels]) { target in
      withPointers(gradients) { source in
        parallelFor(batch) { image in
          let from = source + image * channels * pixels
          let to = target + image * pixels
          for pixel in 0..<pixels {
            var result: Float = 0
            for channel in 0..<channels {
              let value = from[channel * pixels + pixel]
              switch reduction {
              case .meanThenAbs: result += value
              case .absThenMean: result += abs(value)
              case .maximum: result = max(result, abs(value))
              }
            }
            if reduction != .maximum { result /= Float(channels) }
            to[pixel] = isAbsolute ? abs(result) : result
          }
        }
      }
    }
  }

  /// One number for each channel of each pixel.
  ///
  /// - Parameters:
  ///   - gradients: [batch, channels, height, width].
  ///   - isAbsolute: whether the magnitude counts.
  /// - Returns: [batch, channels x height x width].
  public static func ofValues(_ gradients: Tensor, isAbsolute: Bool) -> Tensor {
    let flat = gradients.reshaped(
      to: [gradients.shape[0], gradients.count / max(1, gradients.shape[0])])
    return isAbsolute ? flat.mapped { abs($0) } : flat
  }
}
