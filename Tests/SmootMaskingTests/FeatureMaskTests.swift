import SmootMasking
import SmootTensor
import Testing

@Suite struct FeatureMaskTests {
  private func mask(_ values: [Float], _ count: Int) -> [UInt8] {
    FeatureMask(lowest: Tensor(values, shape: [1, values.count]), counts: [count]).bytes
  }

  @Test func takesTheLowest() {
    #expect(mask([3, -1, 2, -5], 2) == [0, 1, 0, 1])
    #expect(mask([3, -1, 2, -5], 0) == [0, 0, 0, 0])
    #expect(mask([3, -1, 2, -5], 4) == [1, 1, 1, 1])
    #expect(mask([3, -1, 2, -5], 9) == [1, 1, 1, 1])
  }

  @Test func breaksTiesByIndex() {
    #expect(mask([0, 0, 0, 0], 2) == [1, 1, 0, 0])
    #expect(mask([0, -0.0, 1, 0], 2) == [1, 1, 0, 0])
    #expect(mask([-0.0, 0, 1, -0.0], 1) == [1, 0, 0, 0])
    #expect(mask([2, 1, 1, 1], 2) == [0, 1, 1, 0])
  }

  @Test func putsNaNLast() {
    #expect(mask([.nan, 5, .infinity, -.infinity], 3) == [0, 1, 1, 1])
    #expect(mask([-.nan, 5, 1], 2) == [0, 1, 1])
  }

  /// Against sorting, which is slow and obviously right.
  @Test func agreesWithSorting() {
    for round in 0..<50 {
      let key = RandomKey(seed: UInt64(round))
      let count = 1 + key.integer(below: 900, at: 0)
      // Few distinct values, so that there are many ties.
      let values = (0..<count).map {
        Float(key.derived("v").integer(below: 12, at: UInt64($0))) - 6
      }
      let k = key.integer(below: count + 1, at: 1)
      let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      var expected = [UInt8](repeating: 0, count: count)
      for index in order.prefix(k) { expected[index] = 1 }
      #expect(mask(values, k) == expected)
      let descending = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
      let found = SaliencyOrder(descending: Tensor(values, shape: [1, count])).indices
      #expect(found.map(Int.init) == descending)
    }
  }
}
