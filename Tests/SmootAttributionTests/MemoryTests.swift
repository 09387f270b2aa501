import SmootAttribution
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// What tensors take from the system while many images are explained.
@Suite(.serialized) struct MemoryTests {
  private static let batch = 32

  private static let methods: [(String, [String: String])] = [
    ("gradient", [:]), ("integrated-gradients", ["steps": "4"]), ("smoothgrad", ["samples": "3"]),
    ("gradient-shap", ["samples": "2"]), ("deeplift-shap", [:]), ("lrp", [:]),
    ("guided-backprop", [:]), ("grad-cam", [:]), ("layer-cam", ["layers": "relu1,pool"]),
    ("relevance-cam", ["layers": "relu2"]), ("shallow-relevance-cam", ["layers": "relu1"]),
    ("guided-grad-cam", [:]), ("rise", ["samples": "8"]), ("score-cam", ["layers": "relu1"]),
  ]

  private func context(_ indices: Range<Int>) -> AttributionContext {
    AttributionContext(
      indices: Array(indices), pieceSize: 16,
      references: FrozenTensor(scrambled([2, 3, 20, 20], 0.2)))
  }

  /// Explains images in batches, as commands do, and forgets the maps.
  private func explain(
    _ method: any AttributionMethod, _ model: any Classifier, batches: Range<Int>
  ) throws {
    for batch in batches {
      let images = scrambled([Self.batch, 3, 20, 20], 0.01 * Double(batch))
      let indices = batch * Self.batch..<(batch + 1) * Self.batch
      let result = try method.attribute(
        images, targets: indices.map { Int32($0 % 10) }, model: model, context(indices))
      #expect(result.values.shape[0] == Self.batch)
    }
  }

  /// Ten times as many images take no more memory.
  @Test(arguments: methods.indices)
  func staysFlat(_ index: Int) throws {
    let (name, options) = Self.methods[index]
    let method = try AttributionRegistry.make(name, MethodOptions(options))
    let model = try ExampleNetwork.cnn.model()
    TensorMemory.trim()
    try explain(method, model, batches: 0..<1)
    let first = TensorMemory.bytes
    let isCostly = ["rise", "score-cam", "deeplift-shap"].contains(name)
    try explain(method, model, batches: 1..<(isCostly ? 4 : 10))
    let later = TensorMemory.bytes
    print("bytes", name, first, later)
    // A batch of maps has 150 kB; threads may need a block more at the same moment.
    #expect(later <= first + 131_072, "\(name): \(first) bytes, then \(later)")
  }

  /// In one call with many images only images and maps grow, whatever the method needs for one of them.
  @Test(arguments: ["gradient", "integrated-gradients", "lrp", "grad-cam"])
  func growsByTheMapsAlone(_ name: String) throws {
    let options = name == "integrated-gradients" ? ["steps": "4"] : [:]
    let method = try AttributionRegistry.make(name, MethodOptions(options))
    let model = try ExampleNetwork.cnn.model()
    func bytes(_ count: Int) throws -> Int {
      TensorMemory.trim()
      let images = scrambled([count, 3, 20, 20], 0.5)
      _ = try method.attribute(
        images, targets: [Int32](repeating: 1, count: count), model: model, context(0..<count))
      return TensorMemory.bytes
    }
    let (few, many) = (try bytes(32), try bytes(256))
    let images = (256 - 32) * 3 * 20 * 20 * 4
    print("bytes", name, few, many, "images", images)
    // The images, the maps, pieces of them on their way into one tensor, and baselines: not the network's values, of which an image has fifty times as many.
    #expect(many - few <= 6 * images, "\(name): \(few) bytes, then \(many)")
  }
}
