import SmootTraining
import Testing

@Suite struct MaskSizeHistogramTests {
  @Test func countsEachSizeOnce() {
    let sizes = [100.0, 100.5, 150, 199.99, 200, 20, 500, .nan]
    let histogram = MaskSizeHistogram(sizes, bounds: 100...200)
    #expect(histogram.counts.count == MaskSizeHistogram.intervals)
    #expect(histogram.counts.reduce(0, +) == 7)
    // Both bounds hold what lies at them and beyond them.
    #expect(histogram.counts.first == 3)
    #expect(histogram.counts.last == 3)
    #expect(histogram.counts[MaskSizeHistogram.intervals / 2] == 1)
  }

  @Test func hasOneIntervalWithoutARange() {
    let histogram = MaskSizeHistogram([5, 5, 5], bounds: 5...5)
    #expect(histogram.counts == [3])
  }
}
