public import SmootTensor

extension Variable {
  /// Each channel of a batch with mean 0 and variance 1, times `scale`, plus `shift`, by the statistics of the batch.
  ///
  /// Ioffe and Szegedy, Batch Normalization, 2015. The channel is the last axis. The variance is the biased one.
  ///
  /// - Parameter epilogue: what follows, computed in the same pass.
  /// - Returns: the result, and the batch's statistics.
  public func batchNorm(
    scale: Variable, shift: Variable, epsilon: Float, then epilogue: NormalizationEpilogue = .none
  ) -> (output: Variable, statistics: ChannelStatistics) {
    let statistics = ChannelStatistics(of: value, epsilon: epsilon)
    return (
      normalized(statistics, scale, shift, usesInputStatistics: true, epilogue), statistics
    )
  }

  /// Each channel normalized by given statistics, times `scale`, plus `shift`: batch normalization in evaluation.
  ///
  /// - Parameters:
  ///   - mean: [channels].
  ///   - variance: [channels].
  ///   - epilogue: what follows, computed in the same pass.
  public func batchNorm(
    scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, epsilon: Float,
    then epilogue: NormalizationEpilogue = .none
  ) -> Variable {
    let rows = shape.count / max(1, shape[-1])
    let statistics = ChannelStatistics(
      mean: mean, variance: variance, rows: rows, epsilon: epsilon)
    return normalized(statistics, scale, shift, usesInputStatistics: false, epilogue)
  }

  private func normalized(
    _ statistics: ChannelStatistics, _ scale: Variable, _ shift: Variable,
    usesInputStatistics: Bool, _ epilogue: NormalizationEpilogue
  ) -> Variable {
    precondition(
      scale.shape == [shape[-1]] && shift.shape == scale.shape,
      "\(shape[-1]) channels do not fit a scale of shape \(scale.shape)")
    let normalization = BatchNormalization(
      input: value, scale: scale.value, statistics: statistics,
      usesInputStatistics: usesInputStatistics)
    let addend: Variable?
    switch epilogue {
    case .none:
      let output = normalization.forward(shift.value)
      return Self.record(normalization, inputs: [self, scale, shift], output: output)
    case .relu: addend = nil
    case .addThenReLU(let shortcut): addend = shortcut
    }
    precondition(
      addend == nil || addend?.shape == shape,
      "images of shape \(shape) cannot be added to others of shape \(addend?.shape ?? [])")
    let output = normalization.forward(shift.value, adding: addend?.value, rectifies: true)
    return Self.record(
      BatchNormalizationReLU(
        normalization: normalization, shift: shift.value, sum: addend == nil ? nil : output),
      inputs: [self, scale, shift] + (addend.map { [$0] } ?? []), output: output)
  }
}
