import CSmootKernels
import SmootTensor
import SmootTestSupport
import Testing

/// Rounding to bfloat16, and products of rounded matrices with the kernels of each instruction set against sums in double precision.
@Suite(.serialized) struct BFloat16KernelTests {
  @Test(arguments: bfloat16Levels) func roundsToTheNearest(_ level: String) {
    // Bits of floats, and the upper halves that are nearest.
    let cases: [(UInt32, UInt16)] = [
      (0x0000_0000, 0x0000), (0x8000_0000, 0x8000), (0x3f80_0000, 0x3f80),
      // Half way: to the even neighbour, below and above.
      (0x3f80_8000, 0x3f80), (0x3f81_8000, 0x3f82), (0x3f80_8001, 0x3f81), (0x3f80_7fff, 0x3f80),
      // The largest float is nearer to infinity; infinities stay; subnormal numbers too, but for the processor's instruction.
      (0x7f7f_ffff, 0x7f80), (0xff7f_ffff, 0xff80), (0x7f80_0000, 0x7f80), (0xff80_0000, 0xff80),
      (0x0001_8000, level.hasPrefix("avx512+") ? 0x0000 : 0x0002), (0x0000_0001, 0x0000),
    ]
    // More than a vector, and a rest.
    let bits = (0..<37).map { cases[$0 % cases.count] }
    withKernels(level) {
      var found = [UInt16](repeating: 7, count: bits.count)
      smoot_bfloat16_from_f32(bits.count, bits.map { Float(bitPattern: $0.0) }, &found)
      #expect(found == bits.map { $0.1 })
      for pattern in [0x7fc0_0000, 0x7f80_0001, 0xffff_ffff] as [UInt32] {
        var rounded = [UInt16](repeating: 0, count: 40)
        smoot_bfloat16_from_f32(
          40, [Float](repeating: Float(bitPattern: pattern), count: 40), &rounded)
        var back = [Float](repeating: 0, count: 40)
        smoot_bfloat16_to_f32(40, rounded, &back)
        #expect(!back.contains { !$0.isNaN })
      }
      var exact = [Float](repeating: 0, count: found.count)
      smoot_bfloat16_to_f32(found.count, found, &exact)
      #expect(exact.map(\.bitPattern) == found.map { UInt32($0) << 16 })
    }
  }

  /// Numbers in [-1, 1).
  private func numbers(_ count: Int, _ name: String) -> [Float] {
    let key = RandomKey(seed: 7).derived(name)
    return (0..<count).map { 2 * key.uniform(at: UInt64($0)) - 1 }
  }

  /// What stays of numbers that are rounded.
  private func rounded(_ x: [Float]) -> [Double] {
    var halves = [UInt16](repeating: 0, count: x.count)
    smoot_bfloat16_from_f32(x.count, x, &halves)
    return halves.map { Double(Float(bitPattern: UInt32($0) << 16)) }
  }

  private static let shapes = [
    (1, 1, 2), (6, 64, 16), (7, 65, 18), (13, 130, 30), (100, 48, 520), (201, 200, 1030),
    (97, 20, 6),
    // Runs, rows and columns that fill tiles, and that do not.
    (16, 16, 32), (34, 70, 64), (100, 130, 96), (15, 64, 32), (49, 20, 1056),
  ]

  /// One row, an odd number of them, more than are paired at a time, more than are multiplied at a time; columns that fill no vector, no tile, several panels.
  @Test(
    arguments: bfloat16Levels,
    [(1, 3, 5), (7, 96, 64), (131, 98, 66), (300, 205, 130), (1041, 7, 1)])
  func transposedProductEqualsTheDefinition(
    _ level: String, _ shape: (rows: Int, height: Int, width: Int)
  ) {
    let (rows, height, width) = shape
    let left = Tensor(numbers(rows * height, "left"), shape: [rows, height])
    let right = Tensor(numbers(rows * width, "right"), shape: [rows, width])
    let (a, b) = (rounded(left.scalars), rounded(right.scalars))
    withKernels(level) {
      let found = left.converted(to: .bfloat16).transposedProduct(
        right.converted(to: .bfloat16))
      #expect(found.shape == [height, width])
      let wanted = (0..<height * width).map { place in
        (0..<rows).reduce(0.0) {
          $0 + a[$1 * height + place / width] * b[$1 * width + place % width]
        }
      }
      let worst = zip(found.scalars, wanted).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < 2e-5, "\(level), \(shape): off by \(worst)")
    }
  }

  /// Rows that overlap, in two runs with a gap between them.
  @Test(arguments: bfloat16Levels, shapes)
  func equalsTheDefinition(_ level: String, _ shape: (rows: Int, columns: Int, run: Int)) {
    let (rows, columns, run) = shape
    let (step, gap) = (run / 2 + 1, 4)
    let matrix = GatheredMatrix(
      rows: (0..<rows).map { $0 * step }, segments: [0, run + gap], length: run)
    let depth = 2 * run
    #expect(matrix.depth == depth && matrix.rowCount == rows)
    let x = numbers((rows - 1) * step + depth + gap, "x")
    let weight = numbers(depth * columns, "weight")
    let (scale, shift) = (numbers(columns, "scale"), numbers(columns, "shift"))
    let addend = numbers(rows * columns, "addend")
    let epilogue = ProductEpilogue(
      scale: Tensor(scale, shape: [columns]), shift: Tensor(shift, shape: [columns]),
      addend: Tensor(addend, shape: [rows, columns]), rectifies: true)
    let left = rounded(x)
    func element(_ row: Int, _ place: Int) -> Double {
      left[row * step + place + (place < run ? 0 : gap)]
    }
    withKernels(level) {
      let source = Tensor(x, shape: [x.count]).converted(to: .bfloat16)
      let right = rounded(weight)
      let packed = Tensor(weight, shape: [depth, columns]).packed(
        isTransposed: false, isKept: false, .bfloat16)
      let product = Tensor(uninitialized: [rows, columns]) {
        matrix.product(
          in: source, packed, columns: columns, epilogue,
          targets: (0..<rows).map { $0 * columns }, into: $0)
      }
      let wanted = (0..<rows * columns).map { index in
        let (row, column) = (index / columns, index % columns)
        let sum = (0..<depth).reduce(0.0) {
          $0 + element(row, $1) * right[$1 * columns + column]
        }
        return Float(
          max(0, sum * Double(scale[column]) + Double(shift[column]) + Double(addend[index])))
      }
      expectClose(product.scalars, wanted, relative: 2e-6, "\(level) product \(shape)")

      let upstream = numbers(rows * columns, "upstream")
      let gradient = matrix.gradient(
        in: source, Tensor(upstream, shape: [rows, columns]).converted(to: .bfloat16))
      let sent = rounded(upstream)
      let expected = (0..<depth * columns).map { index in
        let (place, column) = (index / columns, index % columns)
        return Float(
          (0..<rows).reduce(0.0) { $0 + element($1, place) * sent[$1 * columns + column] })
      }
      expectClose(gradient.scalars, expected, relative: 2e-6, "\(level) gradient \(shape)")
    }
  }

  /// Rows of whole vectors, of less than one, and of both, that go to places in another order with gaps between them.
  @Test(arguments: bfloat16Levels, [1, 16, 20, 64, 77])
  func finishesRows(_ level: String, _ columns: Int) {
    let (rows, gap) = (5, 3)
    let targets = (0..<rows).map { (rows - 1 - $0) * (columns + gap) }
    var sums = numbers(rows * columns, "sums")
    sums[columns / 2] = .nan
    let untouched: UInt16 = 0x4123
    withKernels(level) {
      var addend = [UInt16](repeating: 0, count: rows * (columns + gap))
      smoot_bfloat16_from_f32(addend.count, numbers(addend.count, "addend"), &addend)
      for adds in [false, true] {
        for rectifies in [false, true] {
          var found = [UInt16](repeating: untouched, count: addend.count)
          smoot_bfloat16_finish_rows(
            rows, columns, sums, targets, adds ? addend : nil, rectifies ? 1 : 0, &found)
          var wanted = [UInt16](repeating: untouched, count: addend.count)
          for (index, sum) in sums.enumerated() {
            let place = targets[index / columns] + index % columns
            let whole = sum + (adds ? Float(bitPattern: UInt32(addend[place]) << 16) : 0)
            smoot_bfloat16_from_f32(1, [rectifies && whole < 0 ? 0 : whole], &wanted[place])
          }
          #expect(found == wanted, "adds: \(adds), rectifies: \(rectifies)")
        }
      }
    }
  }

  /// Transposed weights are packed to the same bits.
  @Test(arguments: bfloat16Levels) func packsTransposesAlike(_ level: String) {
    withKernels(level) {
      let (depth, columns) = (150, 83)
      let weight = numbers(depth * columns, "weight")
      var packed = [UInt16](repeating: 9, count: smoot_bfloat16_packed_count(depth, columns))
      smoot_bfloat16_pack(depth, columns, 0, columns, weight, columns, 1, &packed)
      let transposed = (0..<weight.count).map { weight[$0 % depth * columns + $0 / depth] }
      var again = [UInt16](repeating: 8, count: packed.count)
      smoot_bfloat16_pack(depth, columns, 64, columns, transposed, 1, depth, &again)
      smoot_bfloat16_pack(depth, columns, 0, 64, transposed, 1, depth, &again)
      #expect(again == packed)
    }
  }
}
