import SmootTensor
import SmootTestSupport
import Testing

/// Tensors that lie in memory as numbers of 16 bits: everybody may read and change them as floats.
@Suite struct TensorPrecisionTests {
  private let exact = formula([5, 7], 0.3)
  private var rounded: Tensor { exact.converted(to: .bfloat16) }

  @Test func roundsOnce() {
    #expect(rounded.precision == .bfloat16 && rounded.byteCount == 70 && rounded.count == 35)
    let expected = exact.scalars.map { value in
      // The nearest number with eight digits in binary.
      let step = value.ulp * 65536
      return (value / step).rounded(.toNearestOrEven) * step
    }
    #expect(rounded.scalars == expected)
    #expect(rounded.converted(to: .bfloat16).scalars == expected)
    #expect(rounded.converted(to: .float32).precision == .float32)
    #expect(rounded.converted(to: .float32).scalars == expected)
    #expect(exact.converted(to: .float32).scalars == exact.scalars)
  }

  @Test func isReadAsFloats() {
    let floats = rounded.converted(to: .float32)
    #expect((rounded + exact).scalars == (floats + exact).scalars)
    #expect(rounded.transposed.scalars == floats.transposed.scalars)
    #expect(rounded.sum(over: [0]).scalars == floats.sum(over: [0]).scalars)
    #expect(rounded.reshaped(to: [35]).precision == .bfloat16)
  }

  @Test func changesAsFloats() {
    let (before, copy) = (rounded, rounded)
    var changed = before
    changed.add(exact)
    #expect(changed.precision == .float32)
    #expect(changed.scalars == zip(copy.scalars, exact.scalars).map { $0 + $1 })
    #expect(before.precision == .bfloat16 && before.scalars == copy.scalars)
  }

  /// A sum is written where its first summand lies, unless somebody else has that, too.
  @Test(arguments: Precision.allCases) func addsInPlace(_ precision: Precision) {
    func doubled(_ tensor: consuming Tensor) -> (Tensor, place: UnsafeRawPointer) {
      var place: UnsafeRawPointer?
      let sum = Tensor.computed(tensor.shape, precision, addingTo: tensor) { elements, adds in
        #expect(adds)
        place = UnsafeRawPointer(elements)
      }
      return (sum, sum.withBytes { place ?? $0 })
    }
    let values = exact.converted(to: precision)
    let (kept, place) = doubled(values)
    #expect(kept.scalars == values.scalars && kept.precision == precision)
    #expect(values.withBytes { $0 != place })
    // Of another precision: converted first.
    let other = exact.converted(to: precision == .float32 ? .bfloat16 : .float32)
    #expect(doubled(other).0.precision == precision)
    let new = Tensor.computed([2], precision, addingTo: nil) { elements, adds in
      #expect(!adds)
      elements.initializeMemory(as: UInt8.self, repeating: 0, count: 2 * precision.byteCount)
    }
    #expect(new.scalars == [0, 0])
  }

  @Test func givesPartsAsFloats() {
    for tensor in [exact, rounded] {
      var room = [Float](repeating: 0, count: 7)
      let row = room.withUnsafeMutableBufferPointer { room in
        tensor.withFloats { floats in
          room.baseAddress.map { Array(UnsafeBufferPointer(start: floats(7..<14, $0), count: 7)) }
        }
      }
      #expect(row == Array(tensor.scalars[7..<14]))
    }
  }
}
