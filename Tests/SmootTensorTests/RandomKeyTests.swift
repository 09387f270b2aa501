import SmootTensor
import Testing

@Suite struct RandomKeyTests {
  /// The known answers that Philox4x32-10's authors published with their code (Random123).
  @Test func matchesKnownAnswer() {
    let block = RandomKey(seed: 0).block(0)
    #expect(block == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
  }

  @Test func dependsOnEveryPartOfItsName() {
    let root = RandomKey(seed: 1)
    let keys = [
      root, RandomKey(seed: 2), root.derived(0), root.derived(1), root.derived("a"),
      root.derived("b"), root.derived("a").derived(0), root.derived(0).derived("a"),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(Set(keys.map { $0.value(at: 0) }).count == keys.count)
    #expect(root.derived("dropout1") == RandomKey(seed: 1).derived("dropout1"))
  }

  @Test func drawsUniformly() {
    let key = RandomKey(seed: 3)
    let values = (0..<20_000).map { Double(key.uniform(at: UInt64($0))) }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    let mean = values.reduce(0, +) / 20_000
    #expect(abs(mean - 0.5) < 0.01)
    let inFirstTenth = values.count { $0 < 0.1 }
    #expect(abs(inFirstTenth - 2000) < 150)
  }

  @Test func drawsNormally() {
    let key = RandomKey(seed: 4)
    let values = (0..<20_000).map { Double(key.normal(at: UInt64($0))) }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.05)
  }

  @Test func drawsIntegersBelowABound() {
    let key = RandomKey(seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for index in 0..<7000 { counts[key.integer(below: 7, at: UInt64(index))] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
  }
}
