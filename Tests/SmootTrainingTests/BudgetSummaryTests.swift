import SmootTraining
import Testing

/// The mask sizes of a run in three numbers.
@Suite struct BudgetSummaryTests {
  private func record(_ k: (Double, Double, Double)?) -> EpochRecord {
    EpochRecord(
      epoch: 1, step: 1, learningRate: 1, loss: 0, crossEntropy: 0, divergence: 0,
      trainAccuracy: 0, validationAccuracy: nil, testAccuracy: nil, testLoss: nil, kMin: k?.0,
      kMedian: k?.1, kMax: k?.2, skippedSteps: 0, imagesPerSecond: 0, seconds: 0)
  }

  @Test func isOfTheLastEpochOrOfAll() throws {
    let records = [record((380, 392, 400)), record((350, 390, 420)), record((360, 391, 410))]
    let final = try #require(BudgetSummary(records, report: .final))
    #expect([final.min, final.median, final.max] == [360, 391, 410])
    let all = try #require(BudgetSummary(records, report: .trajectory))
    #expect([all.min, all.median, all.max] == [350, 391, 420])
    #expect(BudgetSummary([record(nil)], report: .final) == nil)
    #expect(BudgetSummary([], report: .trajectory) == nil)
  }
}
