import SmootTensor
import Synchronization
import Testing

/// The threads of parallel loops: every task once, whoever runs it.
@Suite(.serialized) struct ParallelismTests {
  /// Counts how often each task ran.
  private func counts(_ tasks: Int) -> [Int] {
    let counts = (0..<tasks).map { _ in Counter() }
    parallelFor(tasks) { counts[$0].value.add(1, ordering: .relaxed) }
    return counts.map { $0.value.load(ordering: .relaxed) }
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  @Test func runsEveryTaskOnceWhileTheNumberOfThreadsChanges() {
    let before = Parallelism.threads
    defer { Parallelism.threads = before }
    for round in 0..<300 {
      Parallelism.threads = [1, 4, 2, 7, 3][round % 5]
      let tasks = [0, 1, 2, 5, 64][round / 5 % 5]
      #expect(counts(tasks) == [Int](repeating: 1, count: tasks))
    }
  }

  @Test func aLoopWithinALoopRunsToo() {
    let before = Parallelism.threads
    defer { Parallelism.threads = before }
    Parallelism.threads = 3
    let sum = Counter()
    parallelFor(6) { outer in
      parallelFor(5) { inner in sum.value.add(outer * 5 + inner, ordering: .relaxed) }
    }
    #expect(sum.value.load(ordering: .relaxed) == 435)
  }

  /// The threads sleep after a while, and wake up again.
  @Test func wakesUpAfterAPause() async throws {
    for _ in 0..<5 {
      #expect(counts(50) == [Int](repeating: 1, count: 50))
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func loopsOfSeveralCallersDoNotMix() async {
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<200).allSatisfy { _ in self.counts(9) == [Int](repeating: 1, count: 9) }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
