import SmootTensor
import Testing

@Suite struct TensorTests {
  private let matrix = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])

  /// A weight keeps its packed form only as long as its numbers stay, and for one shape only.
  @Test func productsSeeChangedWeights() {
    var weight = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let input = Tensor([1, 0, 2], shape: [1, 3])
    func outputs() -> [Float] {
      Tensor.product(input, weight, transposeB: true, keepsPacked: true).scalars
    }
    #expect(outputs() == [7, 16])
    #expect(outputs() == [7, 16])
    let before = weight
    weight.withUnsafeMutableElements { $0[0] = 10 }
    #expect(outputs() == [16, 16])
    weight.withMutablePointer { $0[5] = 0 }
    #expect(outputs() == [16, 4])
    #expect(
      Tensor.product(input, before, transposeB: true, keepsPacked: true).scalars == [7, 16])
    let other = Tensor([1, 1], shape: [1, 2])
    #expect(Tensor.product(other, before, keepsPacked: true).scalars == [5, 7, 9])
    let tall = before.reshaped(to: [3, 2])
    #expect(Tensor.product(other, tall, transposeB: true, keepsPacked: true).scalars == [3, 7, 11])
  }

  @Test func copiesOnWrite() {
    var copy = matrix
    copy.withUnsafeMutableElements { $0[0] = 9 }
    #expect(matrix.scalars == [1, 2, 3, 4, 5, 6])
    #expect(copy.scalars == [9, 2, 3, 4, 5, 6])
  }

  @Test func reusesMemoryWithoutMixingUpTensors() {
    for round in 0..<100 {
      let a = Tensor(repeating: Float(round), shape: [1000])
      let b = Tensor(repeating: -1, shape: [1000])
      #expect(a.scalars.allSatisfy { $0 == Float(round) })
      #expect(b.scalars.allSatisfy { $0 == -1 })
    }
  }

  @Test func permutes() {
    #expect(matrix.transposed.scalars == [1, 4, 2, 5, 3, 6])
    let cube = Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
    let permuted = cube.permuted([2, 0, 1])
    #expect(permuted.shape == [4, 2, 3])
    for (i, j, k) in [(0, 0, 0), (3, 1, 2), (2, 0, 1)] {
      #expect(permuted.scalars[i * 6 + j * 3 + k] == cube.scalars[j * 12 + k * 4 + i])
    }
    #expect(permuted.permuted([1, 2, 0]).scalars == cube.scalars)
  }

  @Test func slicesAndConcatenates() {
    let left = matrix.sliced(axis: 1, 0..<1)
    let right = matrix.sliced(axis: 1, 1..<3)
    #expect(left.scalars == [1, 4])
    #expect(right.scalars == [2, 3, 5, 6])
    #expect(Tensor.concatenated([left, right], axis: 1).scalars == matrix.scalars)
    #expect(
      Tensor.concatenated([matrix, matrix], axis: 0).scalars == [
        1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6,
      ])
  }

  @Test func broadcastsAndSumsBack() {
    let row = Tensor([10, 20, 30], shape: [3])
    #expect((matrix + row).scalars == [11, 22, 33, 14, 25, 36])
    let column = Tensor([1, 2], shape: [2, 1])
    #expect((matrix * column).scalars == [1, 2, 3, 8, 10, 12])
    #expect(matrix.summed(to: [3]).scalars == [5, 7, 9])
    #expect(matrix.summed(to: [2, 1]).scalars == [6, 15])
  }

  @Test func reduces() {
    #expect(matrix.sum(over: [0]).scalars == [5, 7, 9])
    #expect(matrix.mean(over: [1]).scalars == [2, 5])
    #expect(matrix.maximum(over: [0, 1]).scalars == [6])
    #expect(matrix.total == 21)
    #expect(Tensor([1, 3, 3, 2, 0, 1], shape: [2, 3]).argmaxOfRows == [1, 0])
  }

  @Test(arguments: [1, 2, 3, 4]) func givesTheSameBitsForAnyNumberOfThreads(_ threads: Int) {
    let values = (0..<100_000).map { RandomKey(seed: 7).normal(at: UInt64($0)) }
    let tensor = Tensor(values, shape: [100, 1000])
    let before = Parallelism.threads
    Parallelism.threads = 1
    let expected = tensor.sum(over: [0]).scalars
    Parallelism.threads = threads
    #expect(tensor.sum(over: [0]).scalars == expected)
    Parallelism.threads = before
  }

  @Test func visitsEveryTaskOnce() {
    let visits = Tensor(uninitialized: [1000]) { target in
      target.update(repeating: 0, count: 1000)
      parallelFor(1000) { target[$0] += 1 }
    }
    #expect(visits.scalars.allSatisfy { $0 == 1 })
  }
}
