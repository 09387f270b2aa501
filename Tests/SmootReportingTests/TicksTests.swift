import SmootReporting
import Testing

@Suite struct TicksTests {
  @Test(arguments: [
    (0.0, 90.0, 10, ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90"]),
    (-1.8, 91.8, 5, ["0", "20", "40", "60", "80"]),
    (0, 1, 4, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
    (0, 1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (-0.3, 0.3, 6, ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"]),
    (0, 60_000, 3, ["0", "20,000", "40,000", "60,000"]),
    (97.1, 99.2, 5, ["97.5", "98.0", "98.5", "99.0"]),
    (0, 3e-7, 3, ["0e+00", "1e-07", "2e-07", "3e-07"]),
  ])
  func numbersAreRound(low: Double, high: Double, count: Int, labels: [String]) {
    let ticks = Ticks(in: low...high, count: count)
    #expect(ticks.labels == labels)
    #expect(ticks.values.count == labels.count)
  }

  @Test(arguments: [
    (1.0, 1000.0, 5, ["1", "10", "100", "1,000"]),
    (0.8, 30, 8, ["1", "2", "5", "10", "20"]),
    (0.0004, 0.02, 4, ["0.001", "0.01"]),
    (1e-9, 1e6, 6, ["1e-09", "1e-06", "0.001", "1", "1,000", "1,000,000"]),
    (30, 40, 5, ["30", "32", "34", "36", "38", "40"]),
  ])
  func powersOfTenAreRoundOnALogarithmicAxis(
    low: Double, high: Double, count: Int, labels: [String]
  ) {
    let ticks = Ticks(logarithmicIn: low...high, count: count)
    #expect(ticks.labels == labels)
    #expect(ticks.values.allSatisfy { $0 >= low && $0 <= high })
  }

  @Test(arguments: [1e-12, 0.003, 0.7, 1, 17, 123_456, 9e13], [2, 5, 12])
  func ticksAreEvenWithinTheAxisAndNotTooMany(length: Double, count: Int) throws {
    for low in [0, -length / 3, length * 2] {
      let ticks = Ticks(in: low...low + length, count: count)
      #expect(ticks.values.count <= count + 1 && ticks.values.count >= 1)
      let slack = length * 1e-6
      #expect(ticks.values.allSatisfy { $0 >= low - slack && $0 <= low + length + slack })
      #expect(Set(ticks.labels).count == ticks.labels.count, "\(ticks.labels)")
      let steps = zip(ticks.values, ticks.values.dropFirst()).map { $1 - $0 }
      #expect(steps.allSatisfy { abs($0 - steps[0]) < slack })
    }
  }
}
