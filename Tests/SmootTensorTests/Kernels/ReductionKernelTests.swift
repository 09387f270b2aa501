import CSmootKernels
import SmootTensor
import SmootTestSupport
import Testing

@Suite struct ReductionKernelTests {
  static let shapes = [[1, 1], [3, 7], [8, 8], [9, 16], [37, 53], [64, 144]]

  /// Small whole numbers, so that many are equal.
  static func values(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 7919 % 11 - 5) } }

  @Test(arguments: kernelLevels, shapes) func rowsAndTheirOrder(level: String, shape: [Int]) {
    let (rows, columns) = (shape[0], shape[1])
    let x = Self.values(rows * columns)
    let n = min(5, columns)
    var (sums, greatest) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
    var (first, top) = ([Int32](repeating: 0, count: rows), [Int32](repeating: 0, count: rows * n))
    withKernels(level) {
      smoot_row_sums_f32(rows, columns, x, &sums)
      smoot_row_max_f32(rows, columns, x, &greatest)
      smoot_row_argmax_f32(rows, columns, x, &first)
      smoot_row_top_f32(rows, columns, n, x, &top)
    }
    for row in 0..<rows {
      let values = Array(x[row * columns..<(row + 1) * columns])
      let order = values.indices.sorted {
        values[$0] > values[$1] || values[$0] == values[$1] && $0 < $1
      }
      #expect(sums[row] == values.reduce(0, +))
      #expect(greatest[row] == values[order[0]])
      #expect(first[row] == order[0])
      #expect(top[row * n..<(row + 1) * n].map(Int.init) == Array(order.prefix(n)))
    }
  }

  @Test(arguments: kernelLevels, shapes) func transposes(level: String, shape: [Int]) {
    let (rows, columns, stride) = (shape[0], shape[1], shape[0] + 3)
    let x = (0..<rows * columns).map(Float.init)
    var y = [Float](repeating: -1, count: columns * stride)
    withKernels(level) { smoot_transpose_f32(rows, columns, x, columns, &y, stride) }
    for column in 0..<columns {
      for row in 0..<stride {
        #expect(y[column * stride + row] == (row < rows ? x[row * columns + column] : -1))
      }
    }
  }

  @Test(arguments: kernelLevels) func gathersEveryPermutation(level: String) {
    let (extents, strides) = ([2, 3, 16, 11], [528, 176, 11, 1])
    let x = (0..<2 * 3 * 16 * 11).map(Float.init)
    var permutations: [[Int]] = [[]]
    for _ in 0..<4 {
      permutations = permutations.flatMap { start in
        (0..<4).filter { !start.contains($0) }.map { start + [$0] }
      }
    }
    for axes in permutations {
      var y = x
      withKernels(level) {
        smoot_gather_f32(axes.map { extents[$0] }, axes.map { strides[$0] }, x, &y)
      }
      #expect(
        y == Tensor(x, shape: Shape(extents)).permuted(axes).scalars, "axes \(axes)")
    }
  }

  @Test(arguments: kernelLevels) func randomNumbersAreThoseOfTheKey(level: String) {
    let key = RandomKey(seed: 9).derived("numbers")
    let starts: [UInt64] = [0, 1, 63, 4 * 0xffff_fffe]
    for first in starts {
      var (uniform, normal) = ([Float](repeating: 0, count: 200), [Float](repeating: 0, count: 200))
      withKernels(level) {
        smoot_uniform_f32(key.key, key.stream, first, 200, &uniform)
        smoot_normal_f32(key.key, key.stream, first, 200, &normal)
      }
      #expect(uniform == (0..<200).map { key.uniform(at: first + $0) })
      expectClose(normal, (0..<200).map { key.normal(at: first + $0) }, relative: 1e-7, "normal")
    }
  }
}
