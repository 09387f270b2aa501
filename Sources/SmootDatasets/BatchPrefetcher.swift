import Dispatch
public import SmootTensor

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
  private let augmentation: Augmentation
  private let mixing: BatchMixing
  private let queue = DispatchQueue(label: "smoot.prefetch", qos: .userInitiated)
  private var pending: (request: Request, box: Box, group: DispatchGroup)?

  /// What makes a batch.
  private struct Request: Equatable {
    let places: [Int]
    let key: RandomKey
  }

  /// Prepares batches of a data set.
  ///
  /// - Parameters:
  ///   - dataset: the images.
  ///   - augmentation: how each image is changed at random.
  ///   - mixing: how the changed images are mixed.
  public init(
    _ dataset: ImageDataset, augmentation: Augmentation = Augmentation(),
    mixing: BatchMixing = BatchMixing()
  ) {
    self.dataset = dataset
    self.augmentation = augmentation
    self.mixing = mixing
  }

  /// The batch at some places; begins to prepare the one at `next`.
  ///
  /// - Parameters:
  ///   - places: places in the data set.
  ///   - next: those of the batch after it.
  ///   - key: decides how the images are changed; that of the epoch.
  public func batch(_ places: [Int], next: [Int], key: RandomKey) -> LabeledBatch {
    let request = Request(places: places, key: key)
    var ready: LabeledBatch?
    if let pending {
      pending.group.wait()
      if pending.request == request { ready = pending.box.batch }
    }
    pending = nil
    if !next.isEmpty { prepare(Request(places: next, key: key)) }
    return ready ?? Self.make(request, dataset, augmentation, mixing)
  }

  private func prepare(_ request: Request) {
    let (box, group) = (Box(), DispatchGroup())
    queue.async(group: group) { [dataset, augmentation, mixing] in
      box.batch = Self.make(request, dataset, augmentation, mixing)
    }
    pending = (request, box, group)
  }

  private static func make(
    _ request: Request, _ dataset: ImageDataset, _ augmentation: Augmentation,
    _ mixing: BatchMixing
  ) -> LabeledBatch {
    let batch = dataset.batch(request.places, augmentation: augmentation, key: request.key)
    // An epoch sees each image once: the first one tells a batch from the others.
    let key = request.key.derived("mixing").derived(batch.indices.first ?? 0)
    return mixing(batch, key: key)
  }
}
