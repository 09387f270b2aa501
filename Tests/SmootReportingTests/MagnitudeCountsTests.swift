import SmootReporting
import Testing

/// Limits of maps that are seen one after the other, against those of all maps at once.
@Suite struct MagnitudeCountsTests {
  /// Numbers that no two calls share, of many magnitudes.
  private func values(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let unit = Float(state >> 40) / Float(1 << 24)
      return (state >> 39 & 1 == 0 ? 1 : -1) * unit * (state >> 38 & 1 == 0 ? 1e-6 : 30)
    }
  }

  private func check(_ maps: [[Float]], _ sign: HeatmapScale.Sign, _ percentile: Double) {
    var counts = MagnitudeCounts(sign: sign, percentile: percentile)
    for map in maps { counts.add(map) }
    let limit = counts.limit { add in for map in maps.reversed() { add(map) } }
    let expected = HeatmapScale(of: maps, sign: sign, percentile: percentile).limit
    #expect(limit == expected, "\(sign) \(percentile)")
  }

  @Test func findsTheSameLimits() {
    let maps = (0..<7).map { values(100 + $0, seed: UInt64($0)) }
    for sign in HeatmapScale.Sign.allCases {
      for percentile in [0, 12.5, 50, 99, 99.9, 100] {
        check(maps, sign, percentile)
        check([[3]], sign, percentile)
        check([[.nan, 2, -.infinity, -5, 0, -0.0]], sign, percentile)
        check([[.leastNonzeroMagnitude, .greatestFiniteMagnitude]], sign, percentile)
      }
    }
  }

  /// Where the percentile is zero the limit is the maximum; where nothing is there it is zero.
  @Test func findsLimitsOfSparseMaps() {
    check([[Float](repeating: 0, count: 500), [0, 0.25]], .absolute, 99)
    check([[0, 0]], .signed, 99)
    check([], .signed, 99)
    check([[.nan]], .absolute, 99)
  }

  @Test func joinsScales() {
    let maps: [[Float]] = [[0, 0], [0.5, -2], [.nan, 1], [.infinity, .nan]]
    for sign in [HeatmapScale.Sign.absolute, .signed] {
      for end in 1...maps.count {
        let scales = maps[..<end].map { HeatmapScale(inUnitsOf: "one", [$0], sign: sign) }
        let joined = scales.dropFirst().reduce(scales[0]) { $0.joined(with: $1) }
        #expect(joined == HeatmapScale(inUnitsOf: "one", Array(maps[..<end]), sign: sign))
      }
    }
    let nothing = HeatmapScale(inUnitsOf: "one", [maps[3]], sign: .signed)
    #expect(nothing.joined(with: nothing).status == .noFiniteValues)
  }
}
