import Foundation
import SmootEvaluation
import SmootTensor
import SmootTestSupport
import Testing

/// Means, intervals, and pieces put together.
@Suite struct StatisticsTests {
  @Test func findsNormalIntervals() throws {
    // Mean 3, sample variance 2.5, standard error sqrt(0.5).
    let summary = ScoreSummary([1, 2, nil, 3, 4, 5])
    #expect(summary.mean == 3 && summary.count == 5 && summary.undefined == 1)
    #expect(abs((summary.standardDeviation ?? 0) - 2.5.squareRoot()) < 1e-12)
    let interval = try #require(summary.interval)
    #expect(abs(interval.upper - (3 + 1.959_963_984_540 * 0.5.squareRoot())) < 1e-9)
    #expect(abs(interval.lower + interval.upper - 6) < 1e-12)
    let wide = try #require(ScoreSummary([1, 2, 3, 4, 5], level: 0.99).interval)
    #expect(abs(wide.upper - (3 + 2.575_829_303_549 * 0.5.squareRoot())) < 1e-9)
    #expect(ScoreSummary([nil, nil]).mean == nil)
    #expect(ScoreSummary([4]).interval == nil && ScoreSummary([4]).mean == 4)
    #expect(ScoreSummary([]).count == 0)
  }

  @Test func findsBootstrapIntervals() throws {
    let key = RandomKey(seed: 5)
    let scores: [Double?] = (0..<400).map { 10 + Double(key.normal(at: UInt64($0))) }
    let method = ConfidenceInterval.Method.bootstrap(samples: 2000, seed: 1)
    let normal = ScoreSummary(scores)
    let bootstrap = ScoreSummary(scores, method: method)
    let (a, b) = (try #require(normal.interval), try #require(bootstrap.interval))
    #expect(b.method == method)
    // Both estimate ends 1.96 x 0.05 from the mean; the bootstrap's own error is a few thousandths.
    #expect(abs(a.lower - b.lower) < 0.015 && abs(a.upper - b.upper) < 0.015)
    #expect(a != b && b.lower < b.upper)
    let kept = Parallelism.threads
    defer { Parallelism.threads = kept }
    Parallelism.threads = 1
    #expect(ScoreSummary(scores, method: method) == bootstrap)
    let other = ScoreSummary(scores, method: .bootstrap(samples: 2000, seed: 2))
    #expect(other.interval?.lower != b.lower)
    // Every sample of two equal numbers has the same mean.
    let flat = try #require(ScoreSummary([2, 2], method: method).interval)
    #expect(flat.lower == 2 && flat.upper == 2)
  }

  /// The ends solve |share - p| = 1.96 sqrt(p (1 - p) / n), here by bisection, and never leave a share's range.
  @Test(arguments: [
    (0, 10, 0.000000000, 0.277532800),
    (10, 10, 0.722467200, 1.000000000),
    (3, 20, 0.052368746, 0.360418865),
    (120, 256, 0.408534651, 0.529889340),
  ])
  func findsIntervalsOfShares(_ hits: Int, _ count: Int, _ lower: Double, _ upper: Double) throws {
    let scores = (0..<count).map { Double?($0 < hits ? 100 : 0) }
    let method = ConfidenceInterval.Method.wilson(whole: 100)
    let interval = try #require(ScoreSummary(scores, method: method).interval)
    #expect(interval.method == method)
    #expect(abs(interval.lower - 100 * lower) < 1e-6 && abs(interval.upper - 100 * upper) < 1e-6)
    #expect(interval.lower >= 0 && interval.upper <= 100)
    #expect(ScoreSummary([100], method: method).interval == nil)
  }

  @Test func scoresOfTwoValuesHaveWilsonsInterval() {
    let shares = MeasureRegistry.scores.filter { $0.interval == .wilson(whole: 1) }.map(\.name)
    #expect(shares == ["increase-in-confidence", "pointing-game"])
    #expect(
      MeasureRegistry.scores.count { $0.interval == .normal } + shares.count
        == MeasureRegistry.scores.count)
  }

  @Test func summarizesCurves() throws {
    let curves = MeasuredCurves(
      places: .shares([0, 0.5, 1]), values: [[1, 2, nil], [3, 2, nil], [5, nil, 4]])
    let summary = CurveSummary(curves)
    #expect(summary.means == [3, 2, 4])
    #expect(
      abs((summary.intervals[0]?.upper ?? 0) - (3 + 1.959_963_984_540 * 2 / 3.0.squareRoot()))
        < 1e-9)
    #expect(summary.intervals[1]?.upper == 2 && summary.intervals[2] == nil)
    let none = CurveSummary(MeasuredCurves(places: .layers(["a", "b"]), values: []))
    #expect(none.means == [nil, nil] && none.intervals == [nil, nil])
  }

  @Test func joinsPiecesInTheOrderOfTheImages() throws {
    func piece(_ indices: [Int]) -> BatchScores {
      BatchScores(
        indices: indices, scores: ["s": indices.map { $0 == 4 ? nil : Double($0) }],
        curves: [
          "c": MeasuredCurves(places: .shares([0, 1]), values: indices.map { [Double($0), nil] })
        ])
    }
    let joined = BatchScores.joined([piece([4, 5]), piece([1]), piece([9, 0])])
    #expect(joined == piece([0, 1, 4, 5, 9]))
    let data = try JSONEncoder().encode(joined)
    #expect(try JSONDecoder().decode(BatchScores.self, from: data) == joined)
    #expect(BatchScores.joined([]).indices.isEmpty)
  }
}
