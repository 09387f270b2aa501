/// Tells when a run is due to be saved.
struct SaveClock {
  private let interval: SaveInterval
  private var last = ContinuousClock.now

  init(_ interval: SaveInterval) { self.interval = interval }

  /// Whether to save after this step in the middle of an epoch.
  mutating func isDue(step: Int) -> Bool {
    switch interval {
    case .epochs: return false
    case .steps(let count): return step % count == 0
    case .minutes(let minutes):
      guard ContinuousClock.now - last >= .seconds(minutes * 60) else { return false }
      last = ContinuousClock.now
      return true
    }
  }

  /// Whether to save after this many epochs.
  func isDue(epoch: Int) -> Bool {
    guard case .epochs(let count) = interval else { return true }
    return epoch % count == 0
  }
}
