public import SmootTensor

/// Columns with mean 0 and variance 1, times a scale, plus a shift.
struct BatchNormalization: Operation {
  let name = "batch norm"
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
        let mean = scaled.mean(over: [0])
        let projection = (scaled * normalized).mean(over: [0])
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
      centered, variance, scale, shift, epsilon, usesInputStatistics: true)
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
      matrix - mean, variance.reshaped(to: [1, columns]), scale, shift,
      epsilon, usesInputStatistics: false)
  }

  private func normalized(
    _ centered: Tensor, _ variance: Tensor, _ scale: Variable,
    _ shift: Variable, _ epsilon: Float, usesInputStatistics: Bool
  ) -> Variable {
    let inverse = variance.mapped { 1 / ($0 + epsilon).squareRoot() }
    let normalized = centered * inverse
    let output = (normalized * scale.value + shift.value).reshaped(to: shape)
    return Self.record(
      BatchNormalization(
        normalized: normalized, inverseDeviation: inverse,
        scale: scale.value, usesInputStatistics: usesInputStatistics, input: shape),
      inputs: [self, scale, shift], output: output)
  }
}
