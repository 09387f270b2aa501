import Foundation
import SmootAutodiff
public import SmootCheckpoints
import SmootMasking
import SmootNN
import SmootTensor

extension Trainer {
  /// All that the run is, for a file.
  func checkpoint() -> TensorFile {
    var file = TensorFile()
    file.add(model.parameters + model.buffers)
    for (slot, values) in optimizer.state {
      file.add(model.parameters, values: values, prefix: "\(CheckpointNames.optimizer)\(slot).")
    }
    if let average {
      file.add(model.parameters, values: average.values, prefix: CheckpointNames.average)
    }
    if let budget = step.adaptiveBudget {
      file.entries[CheckpointNames.maskSizes] = .init(
        Tensor(budget.values, shape: [budget.values.count]))
    }
    file.metadata[CheckpointNames.state] = Self.json(state)
    file.metadata[CheckpointNames.configuration] = Self.json(configuration.settings)
    file.metadata[ModelDescription.key] =
      ModelDescription(
        model: configuration.resolvedModel, options: configuration.modelOptions, dataset: training
      ).text
    return file
  }

  /// Goes back to where the run stood when a checkpoint was made.
  ///
  /// - Throws: `CheckpointError` when the checkpoint is of another model or lacks something; the run is unusable then.
  public func restore(_ file: TensorFile, path: String) throws(CheckpointError) {
    try file.restore(model.parameters + model.buffers, path: path)
    guard let text = file.metadata[CheckpointNames.state],
      let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8))
    else {
      throw .badFile(
        path: path, place: CheckpointNames.state, expected: "the state of a run", found: "none")
    }
    guard state.step >= 0, state.epoch >= 0, (0...stepsPerEpoch).contains(state.stepInEpoch),
      (state.bestEpoch ?? 0) >= 0, state.sums.count >= 0
    else {
      throw .badFile(
        path: path, place: CheckpointNames.state,
        expected: "a place in a run of \(stepsPerEpoch) steps an epoch",
        found: "step \(state.step), epoch \(state.epoch), step \(state.stepInEpoch) of the epoch")
    }
    restore(state: state)
    optimizer.step = state.step
    var slots: Set<String> = []
    for name in file.entries.keys where name.hasPrefix(CheckpointNames.optimizer) {
      let rest = name.dropFirst(CheckpointNames.optimizer.count)
      if let slot = rest.split(separator: ".").first { slots.insert(String(slot)) }
    }
    for slot in slots {
      var values: [Tensor] = []
      for parameter in model.parameters {
        let prefix = "\(CheckpointNames.optimizer)\(slot)."
        values.append(try file.value(of: parameter, prefix: prefix, path: path))
      }
      optimizer.state[slot] = values
    }
    if average != nil {
      for (index, parameter) in model.parameters.enumerated() {
        let value = try file.value(of: parameter, prefix: CheckpointNames.average, path: path)
        average?.values[index] = value
      }
    }
    if let budget = step.adaptiveBudget {
      guard let sizes = file.entries[CheckpointNames.maskSizes]?.tensor,
        sizes.count == budget.values.count, sizes.scalars.allSatisfy(budget.bounds.contains)
      else {
        throw .mismatch(
          path: path, tensor: CheckpointNames.maskSizes,
          expected: "\(budget.values.count) mask sizes in \(budget.bounds)",
          found: "shape \(file.entries[CheckpointNames.maskSizes]?.shape ?? []), or values outside")
      }
      step.adaptiveBudget?.restore(sizes.scalars)
    }
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension TrainingConfiguration {
  /// All settings as texts, by the names of options.
  public var settings: [String: String] {
    Dictionary(uniqueKeysWithValues: Self.options.map { ($0.name, $0.text(self)) })
  }

  /// The configuration that a checkpoint was made with.
  public init(_ file: TensorFile, path: String) throws {
    self.init()
    // What runs did that know nothing of this setting.
    convolution = .direct
    guard let text = file.metadata[CheckpointNames.configuration],
      let settings = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    else {
      throw CheckpointError.badFile(
        path: path, place: CheckpointNames.configuration, expected: "the settings of a run",
        found: "none")
    }
    for option in Self.options {
      guard let value = settings[option.name] else { continue }
      try option.apply(value, to: &self, origin: "\(path): --\(option.name)", exitCode: 65)
    }
  }
}
