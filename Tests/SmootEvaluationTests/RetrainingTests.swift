import SmootDatasets
import SmootEvaluation
import SmootTensor
import SmootTestSupport
import Testing

/// The data for retraining, by hand.
@Suite struct RetrainingTests {
  // Two images of 1 x 5 pixels in two channels.
  private let dataset = ImageDataset(
    name: "tiny", split: "train", size: ImageSize(channels: 2, height: 1, width: 5),
    classNames: ["a", "b"],
    normalization: Normalization(mean: [0.5, 0.25], standardDeviation: [0.5, 0.1]),
    pixels: [
      0, 10, 20, 30, 40, 100, 110, 120, 130, 140, 1, 11, 21, 31, 41, 101, 111, 121, 131, 141,
    ],
    labels: [0, 1])
  private let maps = Tensor([5, 4, 3, 2, 1, 0, 9, 0, -20, 0], shape: [2, 5])

  @Test func findsChannelMeans() {
    let means = RemoveAndRetrain.channelMeans(of: dataset, batchSize: 1)
    expectClose(means, [20.5 / 255, 120.5 / 255], relative: 1e-5)
  }

  @Test func removesOrKeepsTheTopPixels() throws {
    let images = dataset.batch([0, 1]).images
    // 40 % of five pixels are two. Image 2: pixel 1, then of the zeros the first.
    let removed = RemoveAndRetrain(.remove, percent: 40)(images, maps: maps, means: [7, 8])
    let kept = RemoveAndRetrain(.keep, percent: 40)(images, maps: maps, means: [7, 8])
    for (image, top) in [Set([0, 1]), Set([0, 1])].enumerated() {
      for channel in 0..<2 {
        for pixel in 0..<5 {
          let place = (image * 2 + channel) * 5 + pixel
          let fill: Float = channel == 0 ? 7 : 8
          #expect(removed.scalars[place] == (top.contains(pixel) ? fill : images.scalars[place]))
          #expect(kept.scalars[place] == (top.contains(pixel) ? images.scalars[place] : fill))
        }
      }
    }
    var magnitudes = RemoveAndRetrain(.remove, percent: 20)
    magnitudes.values = .abs
    let first = magnitudes(images, maps: maps, means: [7, 8])
    #expect(first.scalars[10 + 3] == 7)
  }

  @Test func makesADataSet() throws {
    var asked: [[Int]] = []
    let changed = try RemoveAndRetrain(.keep, percent: 60).dataset(
      dataset, means: [0.5, 0.2], batchSize: 1
    ) { batch in
      asked.append(batch.indices)
      return maps.sliced(axis: 0, batch.indices[0]..<batch.indices[0] + 1)
    }
    #expect(asked == [[0], [1]])
    #expect(changed.labels == [0, 1] && changed.name == "tiny-kar-60")
    let images = changed.batch([0, 1]).images.scalars
    let bytes = images.enumerated().map { place, value in
      Int((dataset.normalization.pixel(value, channel: place / 5 % 2) * 255).rounded())
    }
    // 0.5 becomes 128, 0.2 becomes 51.
    #expect(
      bytes == [
        0, 10, 20, 128, 128, 100, 110, 120, 51, 51, 1, 11, 21, 128, 128, 101, 111, 121, 51, 51,
      ])
    #expect(throws: MeasureError.self) {
      _ = try RemoveAndRetrain(.keep, percent: 60).dataset(dataset, means: [0, 0]) { _ in
        Tensor.zeros([2, 4])
      }
    }
  }
}
