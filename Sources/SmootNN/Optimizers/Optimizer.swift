public import SmootAutodiff
public import SmootTensor

/// Changes parameters by their gradients.
public protocol Optimizer {
  /// What the optimizer keeps from step to step: for each name, such as `square_avg`, one tensor for each parameter, in the order of the parameters.
  ///
  /// Empty before the first step; a checkpoint saves it and sets it again.
  var state: [String: [Tensor]] { get set }

  /// How many steps were taken.
  var step: Int { get set }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: what to change; the same ones in the same order in every step.
  ///   - gradients: for each parameter a tensor of its shape.
  ///   - learningRates: for each parameter, how far to go.
  mutating func update(_ parameters: [Parameter], gradients: [Tensor], learningRates: [Float])
}

extension Optimizer {
  /// Takes one step with one learning rate for all parameters.
  public mutating func update(
    _ parameters: [Parameter], gradients: [Tensor], learningRate: Float
  ) {
    update(
      parameters, gradients: gradients,
      learningRates: Array(repeating: learningRate, count: parameters.count))
  }

  /// Makes the state's tensors of zeros before the first step, and counts the step.
  mutating func beginStep(_ parameters: [Parameter], _ gradients: [Tensor], slots: [String]) {
    precondition(
      parameters.count == gradients.count,
      "there are \(gradients.count) gradients for \(parameters.count) parameters")
    for slot in slots where state[slot] == nil {
      state[slot] = parameters.map { Tensor.zeros($0.value.shape) }
    }
    step += 1
  }
}

/// The pieces of equal work that an update is cut into.
let updateGrain = 1 << 16
