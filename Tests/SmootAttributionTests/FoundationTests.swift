import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Names, options, statuses, scales and pieces: what all methods share.
@Suite struct FoundationTests {
  @Test func makesEveryMethodByItsName() throws {
    for method in AttributionRegistry.methods {
      let description = method.description
      #expect(type(of: try AttributionRegistry.make(description.name)) == method)
      #expect(!description.summary.isEmpty && !description.cost.isEmpty)
    }
    #expect(Set(AttributionRegistry.names).count == AttributionRegistry.names.count)
  }

  @Test func suggestsWhatWasMeant() {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing"
      } catch { return "\(error)" }
    }
    let method = message { _ = try AttributionRegistry.make("gradeint") }
    #expect(method.hasPrefix("there is no method \"gradeint\" (did you mean \"gradient\"?)"))
    let option = message {
      _ = try AttributionRegistry.make("gradient", MethodOptions(["absolut": "true"]))
    }
    #expect(
      option
        == "gradient has no option \"absolut\" (did you mean \"absolute\"?); known are absolute")
    let value = message {
      _ = try AttributionRegistry.make("gradient", MethodOptions(["absolute": "maybe"]))
    }
    #expect(value == "absolute is \"maybe\", expected true or false")
    let inner = #expect(throws: AttributionError.self) {
      _ = try AttributionRegistry.make("smoothgrad", MethodOptions(["method.absolute": "maybe"]))
    }
    #expect(inner?.option == "method.absolute" && inner?.description == value)
  }

  @Test func saysWhatIsWrongWithAMap() {
    func status(_ values: [Float], _ isSaturated: Bool = false) -> MapStatus {
      MapStatus(of: values, isSaturated: isSaturated)
    }
    #expect(status([0, 1, -1]) == .ok)
    #expect(status([0, -1, -2]) == .negativeOnly)
    #expect(status([0, 0]) == .zeroGradient)
    #expect(status([0, 0], true) == .saturated)
    #expect(MapStatus(of: [0, 0] as [Float], isSaturated: false, hasGradient: false) == .allZero)
    #expect(status([1, .nan]) == .notFinite)
    #expect(status([.infinity, 1], true) == .notFinite)
    let maps = Tensor([1, 0, 0, 0, -1, 0], shape: [3, 1, 1, 2])
    #expect(Attribution(maps).statuses == [.ok, .zeroGradient, .negativeOnly])
  }

  @Test func bringsMapsToOneScale() {
    let maps = Tensor([0, 1, 3, 5, 5, 5, 5, 5], shape: [2, 1, 2, 2])
    #expect(Saliency.normalized(maps, .paper).scalars == [0, 0.2, 0.6, 1, 0, 0, 0, 0])
    let pgc = Saliency.normalized(maps, .pgc).scalars
    expectClose(Array(pgc[..<4]), [0, 0.2, 0.6, 1], relative: 1e-6)
    // The 1e-7 shows where the range is small.
    expectClose(
      Saliency.normalized(maps * 1e-6, .pgc).scalars[3...].prefix(1).map(\.self), [5 / 5.1])
    #expect(Array(pgc[4...]) == [0, 0, 0, 0])
    // 99 ones and an outlier of 1,000: 98 % of the sum is reached at the outlier.
    let outlier = Tensor([Float](repeating: -1, count: 99) + [1000], shape: [1, 1, 10, 10])
    #expect(Saliency.normalized(outlier, .captum).scalars.last == 1)
    // 100 ones and an outlier of 2: 98 % is reached among the ones, and the outlier is cut.
    let mild = Tensor([Float](repeating: -1, count: 100) + [2], shape: [1, 1, 1, 101])
    #expect(Saliency.normalized(mild, .captum).scalars == [Float](repeating: -1, count: 100) + [1])
    #expect(Saliency.normalized(Tensor.zeros([1, 1, 2, 2]), .captum).scalars == [0, 0, 0, 0])
    #expect(Saliency.rectified(Tensor([-1, 2], shape: [1, 1, 1, 2])).scalars == [0, 2])
    let resized = Saliency.resized(
      Tensor([0, 1, 0, 1], shape: [1, 1, 2, 2]), height: 2, width: 4)
    #expect(resized.scalars == [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1])
  }

  @Test func cutsWorkIntoPieces() {
    var pieces: [Range<Int>] = []
    AttributionContext(pieceSize: 4).forEachPiece(of: 10) { pieces.append($0) }
    #expect(pieces == [0..<3, 3..<6, 6..<10])
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 28, width: 28), classCount: 10,
      random: RandomKey(seed: 1))
    let few = AttributionContext.pieceSize(for: model, maximumMemory: 1 << 20)
    let many = AttributionContext.pieceSize(for: model, maximumMemory: 1 << 26)
    #expect((1...2).contains(few) && (16...64).contains(many), "\(few), \(many)")
  }

  @Test func drawsByTheNumberOfTheImage() {
    let context = AttributionContext(seed: 7, indices: [30, 10])
    let alone = AttributionContext(seed: 7, indices: [10])
    #expect(
      context.key("noise", image: 1, sample: 2) == alone.key("noise", image: 0, sample: 2))
    #expect(
      context.key("noise", image: 0, sample: 2) != context.key("noise", image: 1, sample: 2))
  }
}
