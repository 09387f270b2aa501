import Dispatch

/// Prepares the next batch while the current one trains.
///
/// The batches are the same as without it.
public final class BatchPrefetcher {
  /// Carries a batch from the preparing thread to the one that asked.
  ///
  /// Safe: the group's wait orders the two, and nobody else holds the box.
  private final class Box: @unchecked Sendable {
    var batch: LabeledBatch?
  }

  private let dataset: ImageDataset
  private let queue = DispatchQueue(label: "smoot.prefetch", qos: .userInitiated)
  private var pending: (places: [Int], box: Box, group: DispatchGroup)?

  /// Prepares batches of a data set.
  public init(_ dataset: ImageDataset) { self.dataset = dataset }

  /// The batch at some places; begins to prepare the one at `next`.
  public func batch(_ places: [Int], next: [Int]) -> LabeledBatch {
    var ready: LabeledBatch?
    if let pending {
      pending.group.wait()
      if pending.places == places { ready = pending.box.batch }
    }
    pending = nil
    if !next.isEmpty { prepare(next) }
    return ready ?? dataset.batch(places)
  }

  private func prepare(_ places: [Int]) {
    let (box, group, dataset) = (Box(), DispatchGroup(), dataset)
    queue.async(group: group) { box.batch = dataset.batch(places) }
    pending = (places, box, group)
  }
}
