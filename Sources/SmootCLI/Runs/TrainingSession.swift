import ArgumentParser
import Foundation
import Smoot

/// Runs a trainer with a console: progress, signals, records, and how it ended.
struct TrainingSession {
  let trainer: Trainer
  let directory: RunDirectory
  let common: CommonFlags

  /// What `train --json` prints and `summary.json` holds.
  struct Summary: Codable {
    let run: String
    let dataset: String
    let method: String
    let outcome: String
    let epochs: Int
    let steps: Int
    let seconds: Double
    let accuracy: Double?
    let bestAccuracy: Double?
    let k: BudgetSummary?
    let last: String
    let best: String

    enum CodingKeys: String, CodingKey {
      case run, dataset, method, outcome, epochs, steps, seconds, accuracy, k, last, best
      case bestAccuracy = "best_accuracy"
    }
  }

  /// Says what is going to happen.
  func announce(_ layers: ConfigurationLayers) {
    let configuration = trainer.configuration
    common.note(
      "smoot \(SmootCommand.version)  \(configuration.resolvedModel) \(trainer.model.parameterCount) parameters  method \(configuration.method.rawValue)  \(configuration.dataset)  \(Parallelism.threads) threads  seed \(configuration.seed)"
    )
    common.note("\(directory.path)  kernels \(Machine.kernels)  matrix products \(Machine.blas)")
    func text(_ option: ConfigurationOption) -> String {
      let text = option.text(configuration.resolved)
      return text.isEmpty ? "-" : text
    }
    let isChosen = { layers.origins[$0.name] != "default" } as (ConfigurationOption) -> Bool
    for option in TrainingConfiguration.options where common.verbose || isChosen(option) {
      common.note("  \(option.name): \(text(option))  (\(layers.origins[option.name] ?? ""))")
    }
    guard !common.verbose else { return }
    // What depends on other settings, and the choices that the papers leave open, are always said.
    let dependent = [
      "crop-padding", "flip", "model", "head", "mask-ratio", "readout", "micro-batch", "optimizer",
      "lr", "weight-decay", "schedule",
      "warmup-epochs",
    ].compactMap(TrainingConfiguration.option(named:))
    let open =
      configuration.method == .traditional
      ? []
      : TrainingConfiguration.maskingOptions
        + (configuration.method == .smoot ? TrainingConfiguration.adaptiveOptions : [])
    let defaults = (dependent + open).filter { !isChosen($0) }.map { "\($0.name) \(text($0))" }
    for line in wrapped(defaults, width: 100) { common.note("  default: \(line)") }
  }

  /// Trains, and ends the process with 130 or 75 when it was stopped.
  func run() throws {
    StopSignal.listen()
    let store = try CheckpointStore(
      folder: directory.checkpoints, kept: trainer.configuration.keep)
    let log = try JSONLinesLog(path: directory.metrics)
    let steps = try trainer.configuration.logInterval.map { _ in
      try JSONLinesLog(path: directory.steps)
    }
    var line = ProgressLine(common.style)
    let outcome = try trainer.run(
      store: store, log: log, shouldStop: { StopSignal.isSet },
      onEvent: { event in
        if case .logged(let record) = event { keep(record, in: steps, &line) }
        show(event, &line)
      })
    line.clear()
    try finish(outcome, log.records(EpochRecord.self))
  }

  /// Adds a line to the log of steps; a run goes on without it.
  private func keep(_ record: StepRecord, in steps: JSONLinesLog?, _ line: inout ProgressLine) {
    do { try steps?.append(record) } catch {
      line.clear()
      Console.warning("\(error)")
    }
  }

  private func show(_ event: TrainingEvent, _ line: inout ProgressLine) {
    let epochs = trainer.configuration.epochs
    switch event {
    case .step(let epoch, let step, let steps, let sums):
      line.show("epoch \(epoch)/\(epochs)", done: step, total: steps, fields(step, steps, sums))
    case .logged: break
    case .epoch(let record, let isBest):
      line.clear()
      if !common.quiet { Console.note(summary(record, isBest: isBest)) }
    case .saved(let path, let step):
      line.clear()
      if common.verbose { Console.note("saved \(path) (step \(step))") }
    case .warning(let text):
      line.clear()
      Console.warning(text)
    }
  }

  private func fields(_ step: Int, _ steps: Int, _ sums: EpochSums) -> [(String, String)] {
    let images = Double(max(1, sums.count))
    let rate = Double(sums.timedImages) / max(1e-9, sums.seconds)
    var fields = [("loss", fixed(sums.loss / images, 4))]
    if trainer.configuration.method != .traditional {
      fields.append(("kl", fixed(sums.divergence / images, 4)))
    }
    let rest = Double((steps - step) * trainer.configuration.batchSize) / max(1, rate)
    return fields + [
      ("acc", fixed(100 * Double(sums.correct) / images, 2)), ("img/s", fixed(rate, 0)),
      ("eta", clockTime(rest)),
    ]
  }

  private func summary(_ record: EpochRecord, isBest: Bool) -> String {
    var text = "epoch \(record.epoch)/\(trainer.configuration.epochs)"
    if let accuracy = record.validationAccuracy {
      text += "  validation accuracy \(fixed(accuracy, 2))"
    }
    if let accuracy = record.testAccuracy { text += "  test accuracy \(fixed(accuracy, 2))" }
    text += "  loss \(fixed(record.loss, 4))"
    if let least = record.kMin, let median = record.kMedian, let greatest = record.kMax {
      text += "  k \(fixed(least, 0))/\(fixed(median, 0))/\(fixed(greatest, 0))"
    }
    return text + "  \(fixed(record.imagesPerSecond, 0)) img/s  \(clockTime(record.seconds))"
  }

  private func finish(_ outcome: TrainingOutcome, _ records: [EpochRecord]) throws {
    let result = Summary(
      run: directory.path, dataset: trainer.configuration.dataset,
      method: trainer.configuration.method.rawValue, outcome: "\(outcome)",
      epochs: trainer.state.epoch, steps: trainer.state.step, seconds: trainer.state.seconds,
      accuracy: records.last?.testAccuracy, bestAccuracy: trainer.state.bestAccuracy,
      k: BudgetSummary(records, report: trainer.configuration.kReport),
      last: directory.checkpoints + "/last.safetensors",
      best: directory.checkpoints + "/best.safetensors")
    try directory.write(result, to: directory.summary)
    if common.json { Console.json(result) }
    switch outcome {
    case .finished, .outOfPatience:
      common.note("done in \(clockTime(trainer.state.seconds)): \(directory.path)")
    case .interrupted, .outOfTime:
      Console.note(
        "stopped and saved at step \(trainer.state.step). Go on with: smoot resume \(directory.path)"
      )
      throw ExitCode(outcome == .outOfTime ? 75 : StopSignal.exitCode)
    }
  }
}
