public import SmootTensor

/// The record of a computation, from which gradients are computed.
///
/// One forward computation may be differentiated several times, for instance first for a saliency map and then for a loss. Only first derivatives exist: gradients are
/// tensors, not variables. A tape belongs to one thread.
public final class Tape {
  private struct Node {
    /// `nil` for a leaf.
    let operation: (any Operation)?
    /// Places of the inputs on this tape; -1 for a constant.
    let inputs: [Int]
    let shape: Shape
    /// How many bytes its value takes.
    let byteCount: Int
    /// What went in and what came out, on a tape that keeps values.
    let values: (inputs: [Tensor], output: Tensor)?
  }

  private let keepsValues: Bool
  /// Where the time of each operation goes, if anybody asks.
  private let profile = OperationProfile.current
  private var nodes: [Node] = []
  /// Places of the parameters' variables.
  ///
  /// Not the variables: each holds its tape, and the tape would never be freed.
  private var parameters: [ObjectIdentifier: Int] = [:]

  /// Makes an empty tape.
  ///
  /// - Parameter keepsValues: whether each operation's inputs and output stay in memory for rules that replace gradients; training needs none of it.
  public init(keepsValues: Bool = false) { self.keepsValues = keepsValues }

  /// Makes a variable with respect to which gradients can be asked for.
  public func variable(_ value: Tensor) -> Variable {
    append(nil, inputs: [], output: value)
  }

  /// The variable of a parameter: the same one however often a computation uses it.
  public func variable(for parameter: Parameter) -> Variable {
    if let index = parameters[ObjectIdentifier(parameter)] {
      return Variable(value: parameter.value, tape: self, index: index)
    }
    let variable = variable(parameter.value)
    parameters[ObjectIdentifier(parameter)] = variable.index
    return variable
  }

  func append(_ operation: (any Operation)?, inputs: [Variable], output: Tensor) -> Variable {
    nodes.append(
      Node(
        operation: operation, inputs: inputs.map(\.index), shape: output.shape,
        byteCount: output.byteCount,
        values: keepsValues ? (inputs.map(\.value), output) : nil))
    if let profile, let operation { profile.endForward(operation, inputs, output) }
    return Variable(value: output, tape: self, index: nodes.count - 1)
  }

  /// The operation at a place, what went in and what came out.
  ///
  /// - Precondition: the tape keeps values, and there is an operation at this place.
  package func record(
    at place: Int
  ) -> (operation: any Operation, inputs: [Tensor], output: Tensor) {
    guard let operation = nodes[place].operation, let values = nodes[place].values else {
      preconditionFailure("there is no operation with values at place \(place)")
    }
    return (operation, values.inputs, values.output)
  }

  /// The place of the first operation that a predicate picks.
  package func firstPlace(where isPicked: (any Operation) -> Bool) -> Int? {
    nodes.firstIndex { $0.operation.map(isPicked) ?? false }
  }

  /// How many numbers the results on this tape have: about what a recorded pass keeps in memory.
  public var elementCount: Int {
    nodes.reduce(0) { $0 + ($1.operation == nil ? 0 : $1.shape.count) }
  }

  /// The gradients of a variable with respect to others.
  ///
  /// Only what lies between the targets and the output is computed: asking for the gradient of an image computes none of any weight.
  ///
  /// - Parameters:
  ///   - output: what to differentiate.
  ///   - seed: the gradient with respect to the output, of its shape; ones when left out, which differentiates the sum of its elements.
  ///   - targets: variables on this tape.
  /// - Returns: for each target a tensor of its shape, zeros where the output does not depend on it.
  /// - Precondition: the output and the targets are on this tape, and the seed has the output's shape.
  public func gradients(
    of output: Variable, seed: Tensor? = nil, withRespectTo targets: [Variable]
  ) -> [Tensor] {
    gradients(of: output, seed: seed, withRespectTo: targets) { _ in nil }
  }

  /// What arrives at some variables when a rule replaces the gradients of chosen operations.
  ///
  /// - Parameters:
  ///   - output: where the way back begins.
  ///   - seed: what is sent from there, of the output's shape; ones when left out.
  ///   - targets: variables on this tape.
  ///   - rule: gets each operation on the way back, the last one first, and returns what it sends to each input, or `nil` to leave the operation to its own gradient.
  /// - Returns: for each target a tensor of its shape, zeros where the output does not depend on it.
  /// - Throws: what the rule throws.
  /// - Precondition: the output and the targets are on this tape, and the seed has the output's shape.
  public func gradients<Failure: Error>(
    of output: Variable, seed: Tensor? = nil, withRespectTo targets: [Variable],
    rule: BackwardRule<Failure>
  ) throws(Failure) -> [Tensor] {
    try gradients(
      of: output, seed: seed, withRespectTo: targets, forgetsOperations: false, rule: rule)
  }

  /// The gradients of a variable with respect to others, each operation forgotten, and what it kept freed, as soon as it is differentiated.
  ///
  /// The last call for a computation: what lies between the targets and the output cannot be differentiated again. Parameters and returned tensors are as in
  /// ``gradients(of:seed:withRespectTo:)``.
  package func lastGradients(
    of output: Variable, seed: Tensor? = nil, withRespectTo targets: [Variable]
  ) -> [Tensor] {
    gradients(of: output, seed: seed, withRespectTo: targets, forgetsOperations: true) { _ in nil }
  }

  /// Forgets how everything after a variable came about and frees what was kept for it: no gradient flows through it any more.
  package func forgetOperations(after variable: Variable) {
    precondition(variable.tape === self, "the variable is not on this tape")
    for place in nodes.indices.dropFirst(variable.index + 1) { forgetOperation(at: place) }
  }

  private func forgetOperation(at place: Int) {
    let node = nodes[place]
    nodes[place] = Node(
      operation: nil, inputs: [], shape: node.shape, byteCount: node.byteCount, values: nil)
  }

  private func gradients<Failure: Error>(
    of output: Variable, seed: Tensor?, withRespectTo targets: [Variable],
    forgetsOperations: Bool, rule: BackwardRule<Failure>
  ) throws(Failure) -> [Tensor] {
    precondition(output.tape === self, "the output to differentiate is not on this tape")
    precondition(targets.allSatisfy { $0.tape === self }, "a target is not on this tape")
    let seed = seed ?? Tensor(repeating: 1, shape: output.shape)
    precondition(
      seed.shape == output.shape,
      "the seed has shape \(seed.shape), the output has \(output.shape)")

    let leadsToTarget = nodesThatDepend(on: targets, upTo: output.index)
    let isTarget = Set(targets.map(\.index))
    var pending: [Int: Tensor] = [output.index: seed]
    var results: [Int: Tensor] = [:]
    for index in stride(from: output.index, through: 0, by: -1) {
      guard leadsToTarget[index], let gradient = pending.removeValue(forKey: index) else {
        continue
      }
      if isTarget.contains(index) { results[index] = gradient }
      let node = nodes[index]
      guard let operation = node.operation else { continue }
      let needs = node.inputs.map { $0 >= 0 && leadsToTarget[$0] }
      guard needs.contains(true) else { continue }
      let replaced = try rule(
        BackwardStep(
          operation: operation, place: index, sources: node.inputs, gradient: gradient,
          needs: needs, values: node.values))
      let gradients: [Tensor?]
      if replaced == nil, needs[0], let operation = operation as? any SummingOperation {
        let first = node.inputs[0]
        gradients = operation.backward(
          gradient, needs: needs, addingTo: pending.removeValue(forKey: first))
      } else {
        gradients = replaced ?? operation.backward(gradient, needs: needs)
      }
      if forgetsOperations { forgetOperation(at: index) }
      profile?.endBackward(
        operation, node.shape, byteCount: node.byteCount,
        inputs: node.inputs.map { $0 < 0 ? 0 : nodes[$0].byteCount }, needs: needs)
      for (position, input) in node.inputs.enumerated() where needs[position] {
        guard let contribution = gradients[position] else { continue }
        precondition(
          contribution.shape == nodes[input].shape,
          "\(operation.name) gave a gradient of shape \(contribution.shape) for an input of shape \(nodes[input].shape)"
        )
        if pending[input] == nil {
          pending[input] = contribution
        } else {
          pending[input]?.add(contribution)
          profile?.end(of: "sum of gradients")
        }
      }
    }
    return targets.map { results[$0.index] ?? Tensor.zeros($0.shape) }
  }

  /// For each node up to `last`, whether it is one of `targets` or was computed from one.
  private func nodesThatDepend(on targets: [Variable], upTo last: Int) -> [Bool] {
    var depends = [Bool](repeating: false, count: last + 1)
    for target in targets where target.index <= last { depends[target.index] = true }
    for index in 0...last where !depends[index] {
      depends[index] = nodes[index].inputs.contains { $0 >= 0 && depends[$0] }
    }
    return depends
  }
}
