public import SmootAutodiff
public import SmootTensor
public import Testing

/// Compares the gradients of a function with central differences, in a random direction for each input.
///
/// The function is contracted with fixed weights to one number. In single precision the step must be wide; functions with kinks need inputs away from them.
public func checkGradients(
  of function: ([Variable]) -> Variable, at inputs: [Tensor], step: Float = 1e-2,
  tolerance: Double = 2e-3, sourceLocation: SourceLocation = #_sourceLocation
) {
  let tape = Tape()
  let variables = inputs.map(tape.variable)
  let output = function(variables)
  let weights = formula(output.shape, 0.9)
  let gradients = tape.gradients(of: output, seed: weights, withRespectTo: variables)
  func value(_ inputs: [Tensor]) -> Double {
    let result = function(inputs.map { Variable($0) }).value
    return zip(result.scalars, weights.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  for (index, gradient) in gradients.enumerated() {
    let direction = formula(inputs[index].shape, 0.3 + Double(index))
    let slope = zip(gradient.scalars, direction.scalars).reduce(0) {
      $0 + Double($1.0) * Double($1.1)
    }
    var (above, below) = (inputs, inputs)
    above[index] = inputs[index] + direction * step
    below[index] = inputs[index] - direction * step
    let difference = (value(above) - value(below)) / Double(2 * step)
    let scale = max(1, abs(slope))
    #expect(
      abs(slope - difference) <= tolerance * scale,
      "input \(index): the gradient says \(slope), differences say \(difference)",
      sourceLocation: sourceLocation)
  }
}
