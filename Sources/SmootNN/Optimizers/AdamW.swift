import CSmootKernels
import Foundation
public import SmootAutodiff
public import SmootTensor

/// Adam with decoupled weight decay, in PyTorch's form.
///
/// Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019. Without weight decay it is Adam.
public struct AdamW: Optimizer {
  /// How much of the gradients' average is kept.
  public let beta1: Float
  /// How much of the squared gradients' average is kept.
  public let beta2: Float
  /// Keeps the quotient finite.
  public let epsilon: Float
  /// Each step multiplies the weights by 1 - learningRate weightDecay.
  public let weightDecay: Float
  /// The averages that the update keeps, empty before the first step.
  public var state: [String: [Tensor]] = [:]
  /// How many steps were taken.
  public var step = 0

  /// Makes an optimizer; the defaults are PyTorch's.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Takes one step.
  public mutating func update(
    _ parameters: [Parameter], gradients: [Tensor], learningRates: [Float]
  ) {
    beginStep(parameters, gradients, slots: ["exp_avg", "exp_avg_sq"])
    let correction1 = Float(1 - pow(Double(beta1), Double(step)))
    let correction2 = Float(1 - pow(Double(beta2), Double(step)))
    var firsts = state.removeValue(forKey: "exp_avg") ?? []
    var seconds = state.removeValue(forKey: "exp_avg_sq") ?? []
    for (index, parameter) in parameters.enumerated() {
      withPointers(gradients[index]) { gradient in
        firsts[index].withMutablePointer { first in
          seconds[index].withMutablePointer { second in
            parameter.value.withMutablePointer { weight in
              parallelRanges(gradients[index].count, grain: updateGrain) { range in
                let start = range.lowerBound
                smoot_adamw_f32(
                  range.count, learningRates[index], beta1, beta2, epsilon, weightDecay,
                  correction1,
                  correction2, gradient + start, first + start, second + start, weight + start)
              }
            }
          }
        }
      }
    }
    state["exp_avg"] = firsts
    state["exp_avg_sq"] = seconds
  }
}
