import SmootTensor
import Testing

@Suite struct ShapeTests {
  @Test func countsElementsAndStrides() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.count == 24)
    #expect(shape.strides == [12, 4, 1])
    #expect(shape[-1] == 4)
    #expect(Shape([]).count == 1)
    #expect(shape.description == "[2, 3, 4]")
  }

  @Test(
    arguments: [
      ([2, 3], [3], [2, 3]), ([2, 1, 4], [3, 1], [2, 3, 4]), ([], [5], [5]), ([1], [1], [1]),
    ] as [([Int], [Int], [Int])])
  func broadcasts(_ a: [Int], _ b: [Int], _ expected: [Int]) {
    #expect(Shape(a).broadcast(with: Shape(b)) == Shape(expected))
    #expect(Shape(b).broadcast(with: Shape(a)) == Shape(expected))
  }

  @Test func refusesToBroadcastDifferentExtents() {
    #expect(Shape([2, 3]).broadcast(with: [2]) == nil)
  }
}
