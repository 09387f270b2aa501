public import SmootTensor

/// Numbers with mean 0 and variance 1, times a scale, plus a shift.
///
/// Over rows for layer normalization, over columns for batch normalization.
struct Normalization: Operation {
  let name: String
  /// The axis over which mean and variance are taken: 1 for each row, 0 for each column of [rows, columns].
  let axis: Int
  let normalized: Tensor
  /// 1 / sqrt(variance + epsilon), broadcastable to the matrix.
  let inverseDeviation: Tensor
  let scale: Tensor
  /// Whether mean and variance came from the input; else they are constants.
  let usesInputStatistics: Bool
  let input: Shape

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let upstream = gradient.reshaped(to: normalized.shape)
    var inputGradient: Tensor?
    if needs[0] {
      let scaled = upstream * scale
      if usesInputStatistics {
        let mean = scaled.mean(over: [axis])
        let projection = (scaled * normalized).mean(over: [axis])
        inputGradient = (scaled - mean - normalized * projection) * inverseDeviation
      } else {
        inputGradient = scaled * inverseDeviation
      }
    }
    return [
      inputGradient?.reshaped(to: input),
      needs[1] ? (upstream * normalized).sum(over: [0]).reshaped(to: scale.shape) : nil,
      needs[2] ? upstream.sum(over: [0]).reshaped(to: scale.shape) : nil,
    ]
  }
}

extension Variable {
  /// Each run along the last axis with mean 0 and variance 1, times `scale`, plus `shift`.
  ///
  /// Ba, Kiros and Hinton, Layer Normalization, 2016. The variance is the biased one.
  ///
  /// - Parameters:
  ///   - scale: [last axis].
  ///   - shift: [last axis].
  ///   - epsilon: added to the variance.
  public func layerNorm(scale: Variable, shift: Variable, epsilon: Float) -> Variable {
    let columns = shape[-1]
    let matrix = value.reshaped(to: [shape.count / max(1, columns), columns])
    let centered = matrix - matrix.mean(over: [1])
    let variance = (centered * centered).mean(over: [1])
    return normalized(
      "layer norm", axis: 1, centered, variance, scale, shift, epsilon, usesInputStatistics: true)
  }

  /// Each channel of a batch with mean 0 and variance 1, times `scale`, plus `shift`, by the statistics of the batch.
  ///
  /// Ioffe and Szegedy, Batch Normalization, 2015. The channel is the last axis. The variance is the biased one.
  ///
  /// - Returns: the result, and the batch's mean and variance of each channel.
  public func batchNorm(
    scale: Variable, shift: Variable, epsilon: Float
  ) -> (output: Variable, mean: Tensor, variance: Tensor) {
    let columns = shape[-1]
    let matrix = value.reshaped(to: [shape.count / max(1, columns), columns])
    let mean = matrix.mean(over: [0])
    let centered = matrix - mean
    let variance = (centered * centered).mean(over: [0])
    let output = normalized(
      "batch norm", axis: 0, centered, variance, scale, shift, epsilon, usesInputStatistics: true)
    return (output, mean.reshaped(to: [columns]), variance.reshaped(to: [columns]))
  }

  /// Each channel normalized by given statistics, times `scale`, plus `shift`: batch normalization in evaluation.
  ///
  /// - Parameters:
  ///   - mean: [channels].
  ///   - variance: [channels].
  public func batchNorm(
    scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, epsilon: Float
  ) -> Variable {
    let columns = shape[-1]
    let matrix = value.reshaped(to: [shape.count / max(1, columns), columns])
    return normalized(
      "batch norm", axis: 0, matrix - mean, variance.reshaped(to: [1, columns]), scale, shift,
      epsilon, usesInputStatistics: false)
  }

  private func normalized(
    _ name: String, axis: Int, _ centered: Tensor, _ variance: Tensor, _ scale: Variable,
    _ shift: Variable, _ epsilon: Float, usesInputStatistics: Bool
  ) -> Variable {
    let inverse = variance.mapped { 1 / ($0 + epsilon).squareRoot() }
    let normalized = centered * inverse
    let output = (normalized * scale.value + shift.value).reshaped(to: shape)
    return Self.record(
      Normalization(
        name: name, axis: axis, normalized: normalized, inverseDeviation: inverse,
        scale: scale.value, usesInputStatistics: usesInputStatistics, input: shape),
      inputs: [self, scale, shift], output: output)
  }
}
