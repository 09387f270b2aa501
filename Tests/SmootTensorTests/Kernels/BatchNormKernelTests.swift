import CSmootKernels
import SmootTensor
import SmootTestSupport
import Testing

/// Batch normalization beside double precision, for images of floats and of bfloat16 numbers.
@Suite struct BatchNormKernelTests {
  /// Images of [rows][columns] numbers, their channels' weights, and what comes from behind.
  private struct Case {
    let rows, columns: Int
    let precision: Precision
    let x, addend: Tensor
    var dy: Tensor
    let scale, shift: [Float]
    var sums, squares, ofShift, ofScale: [Double]
    var means, variances, inverses: [Float]

    init(_ shape: [Int], _ precision: Precision) {
      (rows, columns, self.precision) = (shape[0], shape[1], precision)
      func values(_ phase: Double, _ scale: Double, _ offset: Float) -> Tensor {
        Tensor(
          NormalizationKernelTests.values(shape[0] * shape[1], phase, scale).map { $0 + offset },
          shape: [shape[0], shape[1]]
        ).converted(to: precision)
      }
      (x, dy, addend) = (values(0.2, 3, 20), values(0.9, 1, 0), values(2.1, 1, 0))
      scale = NormalizationKernelTests.values(columns, 0.5)
      shift = NormalizationKernelTests.values(columns, 1.5)
      let zeros = [Double](repeating: 0, count: columns)
      (sums, squares, ofShift, ofScale) = (zeros, zeros, zeros, zeros)
      (means, variances, inverses) = (scale, scale, scale)
    }

    /// The statistics, from two parts of the rows.
    mutating func measure() {
      let first = rows / 3
      x.withBytes { x in
        smoot_batch_norm_sums(precision.kind, first, columns, x, &sums, &squares)
        smoot_batch_norm_sums(
          precision.kind, rows - first, columns, x + first * columns * precision.byteCount, &sums,
          &squares)
      }
      smoot_batch_norm_statistics(
        rows, columns, sums, squares, 1e-5, &means, &variances, &inverses)
    }

    /// A tensor that a kernel writes.
    func written(_ body: (UnsafeMutableRawPointer) -> Void) -> Tensor {
      Tensor(uninitialized: x.shape, precision, body)
    }

    func forward(adding: Bool, rectifies: Bool) -> Tensor {
      x.withBytes { x in
        addend.withBytes { addend in
          written {
            smoot_batch_norm_forward(
              precision.kind, rows, columns, x, means, inverses, scale, shift,
              adding ? addend : nil, rectifies ? 1 : 0, $0)
          }
        }
      }
    }

    /// The gradients of the images, and before a ReLU if something was added.
    mutating func backward(rectifies: Bool, output: Tensor? = nil, isConstant: Bool = false)
      -> (dx: Tensor, opened: Tensor)
    {
      let shift = rectifies && output == nil ? shift : nil
      let (precision, x, dy, means, inverses, scale) = (
        precision, x, dy, means, inverses, scale
      )
      var (sums, products) = (ofShift, ofScale)
      let opened = written { opened in
        x.withBytes { x in
          dy.withBytes { dy in
            (output ?? self.x).withBytes { y in
              smoot_batch_norm_backward_sums(
                precision.kind, rows, columns, x, means, inverses, scale, shift,
                output == nil ? nil : y, dy, opened, &sums, &products)
            }
          }
        }
      }
      (ofShift, ofScale) = (sums, products)
      let (centers, slopes) = (
        sums.map { Float($0) / Float(rows) }, products.map { Float($0) / Float(rows) }
      )
      let dx = written { dx in
        x.withBytes { x in
          (output == nil ? dy : opened).withBytes { dy in
            smoot_batch_norm_backward(
              precision.kind, rows, columns, x, means, inverses, scale, shift, dy,
              isConstant ? nil : centers, isConstant ? nil : slopes, dx)
          }
        }
      }
      return (dx, opened)
    }

    /// The numbers of a channel.
    func line(_ tensor: Tensor, _ column: Int) -> [Double] {
      let scalars = tensor.scalars
      return (0..<rows).map { Double(scalars[$0 * columns + column]) }
    }

    /// Half a step of a result of a size, and what float32 adds to it.
    func error(_ value: Double, _ more: Double = 5e-6) -> Double {
      more + (precision == .float32 ? 0 : abs(value) / 256)
    }
  }

  static let shapes = [[4, 1], [9, 33], [64, 16], [21, 64]]

  @Test(arguments: bfloat16Levels, Precision.allCases) func gradients(
    level: String, precision: Precision
  ) {
    for shape in Self.shapes {
      var its = Case(shape, precision)
      var (y, dx) = (its.x, its.x)
      withKernels(level) {
        its.measure()
        y = its.forward(adding: false, rectifies: false)
        dx = its.backward(rectifies: false).dx
      }
      for column in 0..<its.columns {
        let inputs = its.line(its.x, column)
        let normalized = NormalizationKernelTests.normalized(inputs)
        let upstream = its.line(its.dy, column)
        let (factor, offset) = (Double(its.scale[column]), Double(its.shift[column]))
        let slope = NormalizationKernelTests.slope(inputs, upstream.map { $0 * factor })
        let (found, gradients) = (its.line(y, column), its.line(dx, column))
        for row in 0..<its.rows {
          let expected = normalized[row] * factor + offset
          #expect(abs(found[row] - expected) < its.error(expected))
          #expect(abs(gradients[row] - slope[row]) < its.error(slope[row]))
        }
        let product = zip(upstream, normalized).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(its.ofScale[column] - product) < 1e-5)
        let tolerance = precision == .float32 ? 1e-9 : 1e-5
        #expect(abs(its.ofShift[column] - upstream.reduce(0, +)) < tolerance)
      }
    }
  }

  /// A ReLU, with and without a sum before it, lets gradients through where its output is above zero.
  @Test(arguments: bfloat16Levels, Precision.allCases) func rectified(
    level: String, precision: Precision
  ) {
    for shape in Self.shapes {
      for adds in [false, true] {
        var (its, plain) = (Case(shape, precision), Case(shape, precision))
        var (y, free, opened, dx) = (its.x, its.x, its.x, its.x)
        withKernels(level) {
          its.measure()
          plain.measure()
          free = its.forward(adding: adds, rectifies: false)
          y = its.forward(adding: adds, rectifies: true)
          (dx, opened) = its.backward(rectifies: true, output: adds ? y : nil)
        }
        let open = zip(free.scalars, its.dy.scalars).map { $0 > 0 ? $1 : 0 }
        #expect(y.scalars == free.scalars.map { max(0, $0) })
        if adds { #expect(opened.scalars == open) }
        // The same as a gradient with zeros where the ReLU is closed.
        let masked = Tensor(open, shape: its.x.shape).converted(to: precision)
        var expected = its.x
        withKernels(level) {
          plain.dy = masked
          expected = plain.backward(rectifies: false).dx
        }
        #expect(dx.scalars == expected.scalars)
        #expect(its.ofScale == plain.ofScale && its.ofShift == plain.ofShift)
      }
    }
  }

  /// With constant statistics a gradient is multiplied by what the channel is multiplied by; a scale and a ReLU after a convolution is the same with other names.
  @Test(arguments: bfloat16Levels, Precision.allCases) func constantStatistics(
    level: String, precision: Precision
  ) {
    for shape in Self.shapes {
      var its = Case(shape, precision)
      var (y, dx, scaled, added) = (its.x, its.x, its.x, its.x)
      let (rows, columns) = (its.rows, its.columns)
      withKernels(level) {
        its.measure()
        y = its.forward(adding: true, rectifies: true)
        dx = its.backward(rectifies: true, output: y, isConstant: true).dx
        let factors = zip(its.inverses, its.scale).map { $0 * $1 }
        added = its.written { added in
          scaled = its.written { scaled in
            y.withBytes { y in
              its.dy.withBytes {
                smoot_scaled_relu_backward(
                  precision.kind, rows, columns, y, factors, $0, added, scaled)
              }
            }
          }
        }
      }
      let open = zip(y.scalars, its.dy.scalars).map { $0 > 0 ? $1 : 0 }
      #expect(added.scalars == open)
      #expect(scaled.scalars == dx.scalars)
      for (index, found) in scaled.scalars.enumerated() {
        let column = index % columns
        let expected = Double(open[index]) * Double(its.inverses[column] * its.scale[column])
        #expect(abs(Double(found) - expected) <= its.error(expected, 1e-6))
      }
    }
  }

  @Test(arguments: bfloat16Levels, Precision.allCases) func notANumberComesThrough(
    level: String, precision: Precision
  ) {
    var its = Case([9, 33], precision)
    var numbers = its.x.scalars
    numbers[40] = .nan
    let x = Tensor(numbers, shape: its.x.shape).converted(to: precision)
    withKernels(level) {
      its.measure()
      let y = x.withBytes { x in
        its.written {
          smoot_batch_norm_forward(
            precision.kind, 9, 33, x, its.means, its.inverses, its.scale, its.shift, nil, 1, $0)
        }
      }
      #expect(y.scalars.enumerated().filter { $1.isNaN }.map(\.offset) == [40])
    }
  }
}
