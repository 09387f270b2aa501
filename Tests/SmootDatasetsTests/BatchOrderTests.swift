import SmootDatasets
import SmootTensor
import Testing

@Suite struct BatchOrderTests {
  private let dataset = ImageDataset(
    name: "tiny", split: "train", size: ImageSize(channels: 1, height: 1, width: 1),
    classNames: ["a"], normalization: Normalization(mean: [0], standardDeviation: [1]),
    pixels: (0..<50).map { UInt8($0) }, labels: [UInt8](repeating: 0, count: 50))

  @Test func visitsEachImageOnceInAnOrderOfItsOwn() {
    let orders = [(1, 0), (1, 1), (2, 0)].map { seed, epoch in
      BatchOrder(count: 50, seed: UInt64(seed), epoch: epoch).order
    }
    for order in orders { #expect(order.sorted() == Array(0..<50)) }
    #expect(Set(orders).count == 3)
    #expect(BatchOrder(count: 50, seed: 1, epoch: 0).order == orders[0])
  }

  @Test func cutsAnEpochIntoSteps() {
    let order = BatchOrder(count: 50, seed: 1, epoch: 0)
    #expect(BatchOrder.steps(count: 50, batchSize: 20, dropsLast: false) == 3)
    #expect(BatchOrder.steps(count: 50, batchSize: 20, dropsLast: true) == 2)
    let places = (0..<3).flatMap { order.places(ofStep: $0, batchSize: 20) }
    #expect(places == order.order)
    #expect(order.places(ofStep: 2, batchSize: 20).count == 10)
    #expect(order.places(ofStep: 3, batchSize: 20).isEmpty)
  }

  @Test func keepsIndicesWhenHoldingOut() {
    let (training, validation) = dataset.holdingOut(12, seed: 3)
    #expect(training.count == 38 && validation.count == 12)
    #expect(Set(training.indices).isDisjoint(with: validation.indices))
    #expect(training.indexBound == 50)
    let batch = validation.batch([0, 5])
    #expect(batch.indices == [validation.indices[0], validation.indices[5]])
    #expect(batch.images.scalars == batch.indices.map { Float($0) / 255 })
    #expect(dataset.holdingOut(12, seed: 3).validation.indices == validation.indices)
    #expect(dataset.limited(to: 7).indices == Array(0..<7))
  }

  @Test func givesImagesOneAnothersLabels() {
    let labels = (0..<50).map { Int32($0 % 7) }
    let part = dataset.labeled(labels).holdingOut(12, seed: 3).training
    let permuted = part.permutingLabels(seed: 1)
    #expect(permuted.labels.sorted() == part.labels.sorted())
    #expect(permuted.labels != part.labels)
    #expect(permuted.labels == part.permutingLabels(seed: 1).labels)
    #expect(permuted.labels != part.permutingLabels(seed: 2).labels)
    let (before, after) = (part.batch([0, 5, 9]), permuted.batch([0, 5, 9]))
    #expect(before.images.scalars == after.images.scalars && before.indices == after.indices)
  }

  @Test func prefetchesTheSameBatches() {
    let prefetcher = BatchPrefetcher(dataset)
    let order = BatchOrder(count: 50, seed: 1, epoch: 0)
    func places(_ step: Int) -> [Int] { order.places(ofStep: step, batchSize: 20) }
    for step in [0, 1, 2, 0, 2] {
      let batch = prefetcher.batch(places(step), next: places(step + 1), key: RandomKey(seed: 1))
      #expect(batch.images.scalars == dataset.batch(places(step)).images.scalars)
      #expect(batch.indices == places(step))
    }
  }
}
