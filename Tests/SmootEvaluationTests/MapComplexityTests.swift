import Foundation
import SmootEvaluation
import SmootTensor
import SmootTestSupport
import Testing

/// How few pixels maps are made of, against Quantus and by hand.
@Suite(.serialized) struct MapComplexityTests {
  @Test(arguments: MeasureCase.names)
  func findsQuantusScores(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch()
    var measure = MapComplexity()
    measure.threshold = 0.2
    let found = try measure.measure(
      Explanation(maps: try test.pixels("maps"), of: batch), of: batch)
    for (score, golden) in [
      ("sparseness", "sparseness"), ("entropy", "complexity"),
      ("effective-complexity", "effective_complexity"),
    ] {
      expectScores(
        try #require(found.scores[score]), try test.golden.tensor(golden), tolerance: 1e-5, score)
    }
  }

  /// One pixel of four, four equal ones, and nothing.
  @Test func knowsTheExtremes() throws {
    let model = LinearModel([1, 1, 1, 1])
    let batch = model.batch([[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]])
    let maps = Tensor([0, 0, -3, 0, 2, -2, 2, 2, 0, 0, 0, 0], shape: [3, 4])
    let found = try MapComplexity().measure(
      Explanation(maps: maps, of: batch), of: batch)
    let sparseness = found.scores["sparseness"] ?? []
    // (2 x 4 - 4 - 1) / 4 = 0.75 but for the 1e-7 that is added to each magnitude.
    #expect(abs((sparseness[0] ?? 0) - 0.75) < 1e-6)
    #expect(abs(sparseness[1] ?? 1) < 1e-12)
    #expect(sparseness[2] == nil)
    let entropy = found.scores["entropy"] ?? []
    #expect(abs(entropy[0] ?? 1) < 1e-11)
    #expect(abs((entropy[1] ?? 0) - log(4)) < 1e-10)
    #expect(found.scores["effective-complexity"] == [1, 4, 0])
  }
}
