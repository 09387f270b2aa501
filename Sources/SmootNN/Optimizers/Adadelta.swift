import CSmootKernels
public import SmootAutodiff
public import SmootTensor

/// Adadelta in PyTorch's form, with a learning rate.
///
/// Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012: v = rho v + (1 - rho) g^2, d = sqrt(u + epsilon) / sqrt(v + epsilon) g,
/// u = rho u + (1 - rho) d^2, w = w - learningRate d. The paper has no learning rate: it is 1 there.
public struct Adadelta: Optimizer {
  /// How much of the averages is kept from step to step.
  public let rho: Float
  /// Keeps the quotient finite.
  public let epsilon: Float
  /// The weight decay, added to the gradient as weightDecay w.
  public let weightDecay: Float
  /// The averages that the update keeps, empty before the first step.
  public var state: [String: [Tensor]] = [:]
  /// How many steps were taken.
  public var step = 0

  /// Makes an optimizer; the defaults are PyTorch's.
  public init(rho: Float = 0.9, epsilon: Float = 1e-6, weightDecay: Float = 0) {
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Takes one step.
  public mutating func update(
    _ parameters: [Parameter], gradients: [Tensor], learningRates: [Float]
  ) {
    beginStep(parameters, gradients, slots: ["acc_delta", "square_avg"])
    var squares = state.removeValue(forKey: "square_avg") ?? []
    var deltas = state.removeValue(forKey: "acc_delta") ?? []
    for (index, parameter) in parameters.enumerated() {
      withPointers(gradients[index]) { gradient in
        squares[index].withMutablePointer { square in
          deltas[index].withMutablePointer { delta in
            parameter.value.withMutablePointer { weight in
              parallelRanges(gradients[index].count, grain: updateGrain) { range in
                let start = range.lowerBound
                smoot_adadelta_f32(
                  range.count, learningRates[index], rho, epsilon, weightDecay, gradient + start,
                  square + start, delta + start, weight + start)
              }
            }
          }
        }
      }
    }
    state["square_avg"] = squares
    state["acc_delta"] = deltas
  }
}
