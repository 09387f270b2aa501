import CSmootKernels
public import SmootAutodiff
public import SmootTensor

/// Stochastic gradient descent with momentum, in PyTorch's form.
///
/// g = g + weightDecay w, m = momentum m + g (m = g in the first step), w = w - learningRate m; with Nesterov's form w = w - learningRate (g + momentum m).
public struct SGD: Optimizer {
  /// How much of the last steps is kept.
  public let momentum: Float
  /// Whether the step looks ahead (Sutskever et al., 2013).
  public let nesterov: Bool
  /// The weight decay, added to the gradient.
  public let weightDecay: Float
  /// The averages that the update keeps, empty before the first step.
  public var state: [String: [Tensor]] = [:]
  /// How many steps were taken.
  public var step = 0

  /// Makes an optimizer.
  public init(momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  /// Takes one step.
  public mutating func update(
    _ parameters: [Parameter], gradients: [Tensor], learningRates: [Float]
  ) {
    beginStep(parameters, gradients, slots: ["momentum_buffer"])
    for (index, parameter) in parameters.enumerated() {
      withPointers(gradients[index]) { gradient in
        state["momentum_buffer"]?[index].withMutablePointer { buffer in
          parameter.value.withMutablePointer { weight in
            parallelRanges(gradients[index].count, grain: updateGrain) { range in
              let start = range.lowerBound
              smoot_sgd_f32(
                range.count, learningRates[index], momentum, nesterov ? 1 : 0, step == 1 ? 1 : 0,
                weightDecay, gradient + start, buffer + start, weight + start)
            }
          }
        }
      }
    }
  }
}
