import CSmootKernels
import SmootTensor
import SmootTestSupport
import Testing

/// Matrix products of every instruction set against sums in double precision.
@Suite(.serialized) struct MatrixKernelTests {
  /// A matrix [rows][columns] of numbers in [-1, 1).
  private func matrix(_ rows: Int, _ columns: Int, _ name: String) -> [Float] {
    let key = RandomKey(seed: 7).derived(name)
    return (0..<rows * columns).map { 2 * key.uniform(at: UInt64($0)) - 1 }
  }

  private func transposed(_ x: [Float], _ rows: Int, _ columns: Int) -> [Float] {
    (0..<columns * rows).map { x[$0 % rows * columns + $0 / rows] }
  }

  /// alpha a b + beta c in double precision.
  private func expected(
    _ a: [Float], _ b: [Float], _ c: [Float], _ m: Int, _ n: Int, _ k: Int, alpha: Float,
    beta: Float
  ) -> [Float] {
    (0..<m * n).map { index in
      let (i, j) = (index / n, index % n)
      let sum = (0..<k).reduce(0.0) { $0 + Double(a[i * k + $1]) * Double(b[$1 * n + j]) }
      return Float(Double(alpha) * sum + Double(beta) * Double(c[index]))
    }
  }

  private static let shapes = [
    (1, 1, 1), (6, 64, 16), (7, 65, 17), (5, 15, 3), (13, 130, 31), (100, 48, 520), (3, 200, 1030),
    (65, 65, 64), (2, 1, 5), (4, 9, 0), (98, 17, 9),
  ]

  @Test(arguments: kernelLevels, shapes)
  func equalsTheDefinition(_ level: String, _ shape: (m: Int, n: Int, k: Int)) {
    let (m, n, k) = shape
    let (a, b, c) = (matrix(m, k, "a"), matrix(k, n, "b"), matrix(m, n, "c"))
    withKernels(level) {
      for (alpha, beta) in [(1, 0), (0.5, 1), (2, -0.25)] as [(Float, Float)] {
        let wanted = expected(a, b, c, m, n, k, alpha: alpha, beta: beta)
        for (isATransposed, isBTransposed) in [
          (false, false), (true, false), (false, true), (true, true),
        ] {
          var found = c
          smoot_sgemm(
            isATransposed ? 1 : 0, isBTransposed ? 1 : 0, m, n, k, alpha,
            isATransposed ? transposed(a, m, k) : a, isATransposed ? m : k,
            isBTransposed ? transposed(b, k, n) : b, isBTransposed ? k : n, beta, &found, n)
          expectClose(found, wanted, relative: 2e-6, "\(m) x \(n) x \(k), \(alpha), \(beta)")
        }
      }
    }
  }

  /// A packed matrix gives the same bits whatever rows and columns a call computes, and leaves the others alone.
  @Test(arguments: kernelLevels) func aPartHasTheBitsOfTheWhole(_ level: String) {
    let (m, n, k) = (23, 150, 600)
    let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
    withKernels(level) {
      var packed = [Float](repeating: .nan, count: smoot_packed_count(k, n))
      smoot_pack_f32(k, n, 64, n, b, n, 1, &packed)
      smoot_pack_f32(k, n, 0, 64, b, n, 1, &packed)
      #expect(!packed.contains { !$0.isFinite })
      var again = [Float](repeating: .nan, count: packed.count)
      smoot_pack_f32(k, n, 0, n, transposed(b, k, n), 1, k, &again)
      #expect(again == packed)

      var whole = [Float](repeating: 9, count: m * n)
      smoot_packed_product_f32(m, n, k, 0, n, 1, a, k, 1, packed, 0, &whole, n)
      expectClose(
        whole, expected(a, b, whole, m, n, k, alpha: 1, beta: 0), relative: 2e-6, "whole")
      var parts = [Float](repeating: 9, count: m * n)
      for (rows, columns) in [(0..<5, 0..<64), (5..<23, 0..<64), (0..<23, 64..<150)] {
        parts.withUnsafeMutableBufferPointer { parts in
          a.withUnsafeBufferPointer { a in
            guard let a = a.baseAddress, let parts = parts.baseAddress else { return }
            smoot_packed_product_f32(
              rows.count, n, k, columns.lowerBound, columns.upperBound, 1,
              a + rows.lowerBound * k, k, 1, packed, 0, parts + rows.lowerBound * n, n)
          }
        }
      }
      #expect(parts == whole)
    }
  }
}
