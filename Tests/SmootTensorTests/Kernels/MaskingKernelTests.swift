import CSmootKernels
import Foundation
import SmootTestSupport
import Testing

@Suite struct MaskingKernelTests {
  /// Values with ties, both zeros, infinities and NaN.
  static func values(_ count: Int) -> [Float] {
    (0..<count).map {
      let special: [Float] = [0, -0, .infinity, -.infinity, .nan, -.nan]
      let place = $0 * 7919 % 23
      return place < 6 ? special[place] : Float(place - 14)
    }
  }

  static func order(_ values: [Float]) -> [Int] {
    values.indices.sorted { a, b in
      if values[a].isNaN || values[b].isNaN {
        return values[a].isNaN == values[b].isNaN ? a < b : values[b].isNaN
      }
      return values[a] < values[b] || values[a] == values[b] && a < b
    }
  }

  @Test(arguments: kernelLevels, [1, 2, 16, 17, 784, 1024])
  func lowestInTheOrderOfValueAndIndex(level: String, count: Int) {
    let values = Self.values(count)
    let order = Self.order(values)
    var scratch = [UInt32](repeating: 0, count: 2 * count)
    for k in Set([0, 1, count / 3, count / 2, count - 1, count, count + 5]) {
      var mask = [UInt8](repeating: 9, count: count)
      withKernels(level) { smoot_mask_lowest_f32(count, values, k, &mask, &scratch) }
      var expected = [UInt8](repeating: 0, count: count)
      for index in order.prefix(k) { expected[index] = 1 }
      #expect(mask == expected, "the lowest \(k) of \(count)")
    }
  }

  @Test func wholeOrder() {
    let values = Self.values(300)
    var (order, scratch) = ([UInt32](repeating: 0, count: 300), [UInt32](repeating: 0, count: 900))
    smoot_order_f32(300, values, 0, &order, &scratch)
    #expect(order.map(Int.init) == Self.order(values))
    smoot_order_f32(300, values, 1, &order, &scratch)
    #expect(order.map(Int.init) == Self.order(values.map { -$0 }))
  }

  @Test(arguments: kernelLevels) func channelsBecomeOneNumber(level: String) {
    let pixels = 19
    let x = (0..<3 * pixels).map { Float(sin(Double($0))) }
    func reduced(_ kind: smoot_channel_reduction) -> [Float] {
      var y = [Float](repeating: 0, count: pixels)
      withKernels(level) { smoot_reduce_channels_f32(kind, 3, pixels, x, &y) }
      return y
    }
    let columns = (0..<pixels).map { p in (0..<3).map { Double(x[$0 * pixels + p]) } }
    let means = columns.map { Float($0.reduce(0, +) / 3) }
    let sizes = columns.map { Float($0.reduce(0) { $0 + abs($1) } / 3) }
    expectClose(reduced(SMOOT_CHANNELS_MEAN), means, relative: 2e-7)
    expectClose(reduced(SMOOT_CHANNELS_ABS_OF_MEAN), means.map { abs($0) }, relative: 2e-7)
    expectClose(reduced(SMOOT_CHANNELS_MEAN_OF_ABS), sizes, relative: 2e-7)
    #expect(
      reduced(SMOOT_CHANNELS_MAX_OF_ABS) == columns.map { Float($0.map { abs($0) }.max() ?? 0) })
  }

  @Test(arguments: kernelLevels, [0, 7, 40]) func fillsFromWhatRemains(level: String, masked: Int) {
    let count = 40
    let x = (0..<count).map { Float(cos(Double($0)) * 3) }
    let mask = (0..<count).map { UInt8($0 * 3 % count < masked ? 1 : 0) }
    let kept = masked == count ? x : zip(x, mask).filter { $0.1 == 0 }.map(\.0)
    let noise = (0..<count).map { Float($0) / 40 }
    var (least, greatest, mean, deviation): (Float, Float, Float, Float) = (0, 0, 0, 0)
    var (uniform, constant) = (x, x)
    let unmasked = withKernels(level) {
      smoot_unmasked_moments_f32(count, x, mask, &mean, &deviation)
      smoot_fill_noise_f32(count, x, mask, 0.25, 2, nil, &constant)
      let unmasked = smoot_unmasked_range_f32(count, x, mask, &least, &greatest)
      smoot_fill_uniform_f32(count, x, mask, least, greatest, noise, &uniform)
      return unmasked
    }
    let average = kept.reduce(0) { $0 + Double($1) } / Double(kept.count)
    let variance = kept.reduce(0) { $0 + pow(Double($1) - average, 2) } / Double(kept.count)
    #expect(unmasked == count - masked)
    #expect(least == kept.min() && greatest == kept.max())
    #expect(abs(Double(mean) - average) < 1e-6)
    #expect(abs(Double(deviation) - variance.squareRoot()) < 1e-6)
    #expect(constant == zip(x, mask).map { $0.1 == 0 ? $0.0 : 0.25 })
    for index in 0..<count {
      let filled = mask[index] == 0 ? x[index] : least + (greatest - least) * noise[index]
      #expect(abs(uniform[index] - filled) < 1e-6)
    }
  }
}
