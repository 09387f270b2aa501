import Smoot
import SmootCheckpoints

extension RunDirectory {
  /// Puts a trainer where the run stood at a checkpoint, and cuts off what the logs know of later steps.
  func restore(_ trainer: Trainer, from file: TensorFile, path: String) throws {
    try trainer.restore(file, path: path)
    let step = trainer.state.step
    try JSONLinesLog(path: metrics).keep(EpochRecord.self) { $0.step <= step }
    if trainer.configuration.logInterval != nil {
      try JSONLinesLog(path: steps).keep(StepRecord.self) { $0.step <= step }
    }
  }
}
