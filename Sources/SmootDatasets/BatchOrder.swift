package import SmootTensor

/// The order in which an epoch visits a data set: a pure function of the seed and the epoch.
public struct BatchOrder: Sendable {
  /// The places in the data set, in the order of the visit.
  public let order: [Int]

  /// Shuffles a data set (Fisher and Yates, with counter-based random numbers).
  ///
  /// - Parameters:
  ///   - count: how many images there are.
  ///   - seed: the run's seed.
  ///   - epoch: which epoch.
  public init(count: Int, seed: UInt64, epoch: Int) {
    order = Self.shuffled(count, RandomKey(seed: seed).derived("order").derived(epoch))
  }

  /// The numbers below `count` in an order that a key decides.
  package static func shuffled(_ count: Int, _ key: RandomKey) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, key.integer(below: last + 1, at: UInt64(last)))
    }
    return order
  }

  /// The places of one batch; the last batch of an epoch may be smaller.
  public func places(ofStep step: Int, batchSize: Int) -> [Int] {
    Array(order[min(order.count, step * batchSize)..<min(order.count, (step + 1) * batchSize)])
  }

  /// How many batches an epoch has.
  public static func steps(count: Int, batchSize: Int, dropsLast: Bool) -> Int {
    dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
  }
}
