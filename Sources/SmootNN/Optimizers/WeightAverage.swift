import CSmootKernels
public import SmootAutodiff
public import SmootTensor

/// An exponential moving average of the parameters, for evaluation.
///
/// average = decay average + (1 - decay) weight after each step (Polyak averaging in timm's form without warm-up).
public struct WeightAverage {
  /// How much of the average is kept from step to step.
  public let decay: Float
  /// The averages, in the order of the parameters.
  public var values: [Tensor]

  /// Begins with the parameters as they are.
  public init(decay: Float, parameters: [Parameter]) {
    self.decay = decay
    values = parameters.map(\.value)
  }

  /// Takes up the parameters after a step.
  public mutating func update(_ parameters: [Parameter]) {
    for (index, parameter) in parameters.enumerated() {
      let count = parameter.value.count
      withPointers(parameter.value) { weight in
        values[index].withMutablePointer { average in
          parallelRanges(count, grain: updateGrain) { range in
            let start = range.lowerBound
            smoot_moving_average_f32(range.count, decay, weight + start, average + start)
          }
        }
      }
    }
  }

  /// Calls a function with the averages in the place of the parameters.
  public func applied<Result>(
    to parameters: [Parameter], _ body: () throws -> Result
  ) rethrows -> Result {
    let originals = parameters.map(\.value)
    for (parameter, value) in zip(parameters, values) { parameter.value = value }
    defer { for (parameter, value) in zip(parameters, originals) { parameter.value = value } }
    return try body()
  }
}
