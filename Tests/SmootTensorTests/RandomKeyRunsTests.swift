import SmootTensor
import Testing

/// Runs of random numbers, which are those of single calls.
@Suite struct RandomKeyRunsTests {
  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 8, 101])
  func equalsSingleNumbers(_ count: Int) {
    let key = RandomKey(seed: 9).derived("runs")
    let uniform = Tensor(uninitialized: [count + 1]) { run in
      run.update(repeating: -1, count: count + 1)
      key.writeUniform(run, count: count)
    }
    #expect(uniform.scalars == (0..<count).map { key.uniform(at: UInt64($0)) } + [-1])
    let normal = Tensor(uninitialized: [count + 1]) { run in
      run.update(repeating: -9, count: count + 1)
      key.writeNormal(run, count: count)
    }
    #expect(normal.scalars == (0..<count).map { key.normal(at: UInt64($0)) } + [-9])
  }

  @Test func guessesWords() {
    let words = ["deletion", "insertion", "road"]
    #expect(nearestWord(to: "deltion", among: words) == "deletion")
    #expect(nearestWord(to: "raod", among: words) == "road")
    #expect(nearestWord(to: "sparseness", among: words) == nil)
    #expect(nearestWord(to: "road", among: []) == nil)
  }
}
