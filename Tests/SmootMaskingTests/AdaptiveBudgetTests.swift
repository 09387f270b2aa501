import SmootMasking
import SmootTensor
import Testing

/// The update of k worked out by hand.
@Suite struct AdaptiveBudgetTests {
  // Clean and masked probabilities of four classes, in 64ths, so that sums are exact.
  private let clean = Tensor([32, 16, 12, 4].map { Float($0) / 64 }, shape: [1, 4])
  private let masked = Tensor([24, 30, 8, 2].map { Float($0) / 64 }, shape: [1, 4])

  private func change(
    label: Int32, _ choose: (inout AdaptiveBudget.Rule) -> Void = { _ in }
  ) -> Float {
    var rule = AdaptiveBudget.Rule()
    rule.alpha = 0.75
    rule.classes = 3
    choose(&rule)
    var budget = AdaptiveBudget(rule: rule, initial: 0.5, elements: 100, count: 3)
    return budget.update(indices: [1], labels: [label], clean: clean, masked: masked)[0] * 64
  }

  @Test func followsTheEquations() {
    // D1 = 24 - 32; the three most probable are 0, 1, 2; without the label: (30 - 16) + (8 - 12).
    #expect(change(label: 0) == 0.75 * -8 + 0.25 * 10)
    // The label is among them, but not the first: 0 and 2 remain.
    #expect(change(label: 1) == 0.75 * 14 + 0.25 * -12)
    // The label is not among them: all three count.
    #expect(change(label: 3) == 0.75 * -2 + 0.25 * 2)
  }

  @Test func followsEachChoice() {
    #expect(change(label: 3) { $0.firstClass = .prediction } == 0.75 * -8 + 0.25 * 10)
    // 30 - 32, then the second and third of each: (24 - 16) + (8 - 12).
    #expect(
      change(label: 3) {
        $0.firstClass = .sorted
        $0.otherClasses = .each
      } == 0.75 * -2 + 0.25 * 4)
    #expect(change(label: 0) { $0.classes = 2 } == 0.75 * -8 + 0.25 * 14)
    #expect(change(label: 0) { $0.classes = 99 } == 0.75 * -8 + 0.25 * 8)
    #expect(change(label: 0) { $0.alpha = 1 } == -8)
  }

  @Test func movesOnlyTheImagesOfTheBatch() {
    var rule = AdaptiveBudget.Rule()
    rule.alpha = 1
    rule.speed = 16
    var budget = AdaptiveBudget(rule: rule, initial: 0.5, elements: 101, count: 3)
    budget.update(indices: [1], labels: [0], clean: clean, masked: masked)
    #expect(budget.values == [50.5, 48.5, 50.5])
    #expect(budget.counts(of: [1, 0]) == [48, 50])
  }

  @Test func movesInPercent() {
    var rule = AdaptiveBudget.Rule()
    rule.alpha = 1
    rule.unit = .percent
    rule.speed = 8
    var budget = AdaptiveBudget(rule: rule, initial: 0.5, elements: 200, count: 2)
    budget.update(indices: [0], labels: [0], clean: clean, masked: masked)
    #expect(budget.values == [98, 100])
  }

  @Test func staysWithinItsBounds() {
    var rule = AdaptiveBudget.Rule()
    rule.alpha = 1
    rule.speed = 1000
    var budget = AdaptiveBudget(rule: rule, initial: 0.5, elements: 100, count: 2)
    budget.update(indices: [0], labels: [0], clean: clean, masked: masked)
    budget.update(indices: [1], labels: [1], clean: clean, masked: masked)
    #expect(budget.values == [20, 80])
  }

  @Test func keepsItsValueWhenAProbabilityIsNotANumber() {
    let broken = Tensor(repeating: .nan, shape: [1, 4])
    var budget = AdaptiveBudget(rule: .init(), initial: 0.5, elements: 100, count: 1)
    budget.update(indices: [0], labels: [0], clean: clean, masked: broken)
    #expect(budget.values == [50])
  }
}
