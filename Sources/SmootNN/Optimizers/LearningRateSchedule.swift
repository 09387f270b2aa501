import Foundation

/// The learning rate over the epochs of a run.
public struct LearningRateSchedule: Sendable, Equatable {
  /// How the rate falls after the warm-up.
  public enum Shape: Sendable, Equatable {
    /// It stays.
    case constant
    /// It is multiplied by `factor` every `epochs` epochs.
    case step(epochs: Int, factor: Double)
    /// It follows half a cosine from the base rate to `minimum` at the end of the run.
    ///
    /// Loshchilov and Hutter, SGDR, 2017, without restarts.
    case cosine(minimum: Double)
  }

  /// The rate after the warm-up.
  public let base: Double
  /// How the rate falls.
  public let shape: Shape
  /// Over how many epochs the rate rises first, in equal parts, from base / warmupEpochs to the base rate.
  public let warmupEpochs: Int
  /// How many epochs the run has.
  public let epochs: Int

  /// Makes a schedule.
  public init(base: Double, shape: Shape = .constant, warmupEpochs: Int = 0, epochs: Int) {
    self.base = base
    self.shape = shape
    self.warmupEpochs = warmupEpochs
    self.epochs = epochs
  }

  /// The rate in an epoch, counted from 0.
  public func rate(inEpoch epoch: Int) -> Double {
    if epoch < warmupEpochs { return base * Double(epoch + 1) / Double(warmupEpochs) }
    let elapsed = epoch - warmupEpochs
    switch shape {
    case .constant: return base
    case .step(let period, let factor): return base * pow(factor, Double(elapsed / period))
    case .cosine(let minimum):
      let share = Double(elapsed) / Double(max(1, epochs - warmupEpochs))
      return minimum + (base - minimum) * (1 + cos(Double.pi * min(1, share))) / 2
    }
  }
}
