import Foundation
import SmootAutodiff
import SmootExport
import SmootNN
import SmootTensor
import Testing

/// The structure of ONNX files, read with the field numbers of onnx.proto.
@Suite struct ONNXFileTests {
  private func read(
    _ model: any Classifier, _ name: String
  ) throws -> (file: ProtobufReader, graph: ProtobufReader) {
    let description = exampleDescription(name, model.inputSize, classes: model.classCount)
    let file = try ProtobufReader(ONNXFile(model, description).bytes)
    return (file, try #require(try file.messages(7).first))
  }

  @Test func saysWhatItIs() throws {
    let size = ImageSize(channels: 3, height: 12, width: 8)
    let (file, graph) = try read(exampleModel("cnn", size, classes: 4), "cnn")
    #expect(file.numbers(1) == [8])
    #expect(file.texts(2) == ["smoot"] && file.texts(3) == ["1.2.3"])
    let sets = try file.messages(8)
    #expect(sets.flatMap { $0.numbers(2) } == [17] && sets.flatMap { $0.texts(1) } == [""])
    let texts = try file.messages(14).map { [$0.texts(1)[0], $0.texts(2)[0]] }
    #expect(texts.contains(["mean", "[0.25,0.25,0.25]"]) && texts.contains(["weights", "plain"]))
    #expect(texts.map { $0[0] } == texts.map { $0[0] }.sorted())

    func extents(_ field: Int) throws -> [[String]] {
      try graph.messages(field).map { port in
        let tensor = try port.messages(2)[0].messages(1)[0]
        #expect(tensor.numbers(1) == [1])
        return try port.texts(1)
          + tensor.messages(2)[0].messages(1).map { $0.texts(2).first ?? "\($0.numbers(1)[0])" }
      }
    }
    #expect(try extents(11) == [["images", "batch", "3", "12", "8"]])
    #expect(try extents(12) == [["logits", "batch", "4"]])
  }

  @Test func writesThePapersNetwork() throws {
    let size = ImageSize(channels: 1, height: 10, width: 8)
    let model = try exampleModel("cnn", size, classes: 3)
    let graph = try read(model, "cnn").graph
    let nodes = try graph.messages(1)
    #expect(
      nodes.flatMap { $0.texts(4) } == [
        "Conv", "Relu", "Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Relu", "Gemm",
      ])
    #expect(nodes.flatMap { $0.texts(3) }.prefix(3) == ["conv1", "Relu", "conv2"])
    #expect(nodes[0].texts(1) == ["images", "conv1.weight", "conv1.bias"])
    #expect(nodes[8].texts(2) == ["logits"])
    let pool = try nodes[4].messages(5)
    #expect(pool.map { $0.texts(1)[0] } == ["kernel_shape", "pads", "strides"])
    #expect(pool.map { $0.numbers(8) } == [[2, 2], [0, 0, 0, 0], [2, 2]])
    #expect(pool.flatMap { $0.numbers(20) } == [7, 7, 7])
  }

  /// Every parameter is there under its name, in the order of files, once; names of values are unique.
  @Test(arguments: ["cnn", "vit-micro", "resnet18", "resnet50"])
  func holdsEveryWeight(_ name: String) throws {
    let model = try exampleModel(name, ImageSize(channels: 3, height: 32, width: 32))
    let graph = try read(model, name).graph
    let initializers = try graph.messages(5)
    let names = initializers.flatMap { $0.texts(8) }
    #expect(Set(names).count == names.count)
    for parameter in model.parameters + model.buffers where parameter.layout != .count {
      let index = try #require(names.firstIndex(of: parameter.name), "\(parameter.name)")
      let expected = parameter.layout.toFile(parameter.value)
      #expect(initializers[index].numbers(1) == expected.shape.dimensions)
      #expect(initializers[index].numbers(2) == [1])
      let data = expected.withUnsafeElements { Data(buffer: $0) }
      #expect(initializers[index].data(9) == [data], "\(parameter.name)")
    }
    let nodes = try graph.messages(1)
    var known = Set(names + ["images"])
    for node in nodes {
      #expect(node.texts(1).allSatisfy(known.contains), "\(node.texts(3)): \(node.texts(1))")
      for output in node.texts(2) { #expect(known.insert(output).inserted, "\(output) twice") }
    }
    #expect(Set(nodes.flatMap { $0.texts(3) }).count == nodes.count)
    #expect(known.contains("logits"))
  }

  @Test func refusesANetworkWithoutAGraph() throws {
    let model = Brightness(inputSize: ImageSize(channels: 1, height: 8, width: 8))
    let folder = try TemporaryFolder()
    let description = exampleDescription("brightness", model.inputSize, classes: 1)
    let path = folder.file("model.onnx")
    do {
      _ = try ModelExport.write(model, description, as: .onnx, to: path)
      Issue.record("it was written")
    } catch let error as ExportError {
      #expect("\(error)".contains("brightness") && error.exitCode == 65)
    }
    #expect(try folder.names == [])
    // Its weights can go out.
    let other = folder.file("model.npz")
    #expect(try ModelExport.write(model, description, as: .npz, to: other).tensors == 1)
    #expect(try folder.names == ["model.npz"])
  }

  /// A graph without some of the weights would compute something else.
  @Test func refusesAnIncompleteGraph() throws {
    let model = Brightness.Forgetful(inputSize: ImageSize(channels: 1, height: 8, width: 8))
    do {
      _ = try ONNXFile(model, exampleDescription("forgetful", model.inputSize, classes: 1))
      Issue.record("it was made")
    } catch {
      #expect("\(error)".contains("forgetful") && "\(error)".contains("gain"), "\(error)")
    }
  }

  /// What is frozen is computed all the same.
  @Test func looksThroughFrozenNetworks() throws {
    let size = ImageSize(channels: 1, height: 10, width: 8)
    let model = try exampleModel("cnn", size)
    let frozen = FrozenClassifier(model) { $0.hasPrefix("conv") }
    let description = exampleDescription("cnn", size)
    #expect(try ONNXFile(frozen, description).bytes == ONNXFile(model, description).bytes)
  }

  @Test func refusesWhatReadersCannotTake() throws {
    let size = ImageSize(channels: 1, height: 28, width: 28)
    let model = try exampleModel("cnn", size)
    #expect(ONNXFile.mostBytes == 2_147_483_647)
    let description = exampleDescription("cnn", size)
    do throws(ExportError) {
      _ = try ONNXFile(model, description, most: 1 << 20)
      Issue.record("it was made")
    } catch {
      #expect("\(error)".contains("4799") && "\(error)".contains("1048576"), "\(error)")
      #expect(error.exitCode == 65)
    }
  }

  /// A network outside of smoot whose logits are what another node uses as well, or no node at all.
  @Test func takesNetworksOfOthers() throws {
    let size = ImageSize(channels: 1, height: 8, width: 8)
    let graph = try read(Brightness.Exportable(inputSize: size), "mine").graph
    #expect(
      try graph.messages(1).map { $0.texts(1) + $0.texts(2) } == [
        ["images", "logits"], ["logits", "Relu"],
      ])
    let identity = try read(Brightness.Unchanged(inputSize: size), "mine").graph
    #expect(try identity.messages(1).flatMap { $0.texts(4) } == ["Identity"])
  }
}

/// A network with one number.
private struct Brightness: Classifier {
  let inputSize: ImageSize
  let classCount = 1
  let parameters = [Parameter(name: "gain", value: Tensor(2))]

  func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }

  func logits(features: Variable, _ context: ForwardContext) -> Variable { features }

  /// Gives the mean, and computes something that nobody wants.
  struct Exportable: ONNXExportable {
    let inputSize: ImageSize
    let classCount = 1
    let parameters: [Parameter] = []

    func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
    func logits(features: Variable, _ context: ForwardContext) -> Variable { features }
    func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue {
      let mean = graph.node("GlobalAveragePool", [images])
      _ = graph.relu(mean)
      return mean
    }
  }

  /// Computes without its number.
  struct Forgetful: ONNXExportable {
    let inputSize: ImageSize
    let classCount = 1
    let parameters = [Parameter(name: "gain", value: Tensor(2))]

    func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
    func logits(features: Variable, _ context: ForwardContext) -> Variable { features }
    func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue { graph.relu(images) }
  }

  /// Hands on its input.
  struct Unchanged: ONNXExportable {
    let inputSize: ImageSize
    let classCount = 1
    let parameters: [Parameter] = []

    func features(_ images: Variable, _ context: ForwardContext) -> Variable { images }
    func logits(features: Variable, _ context: ForwardContext) -> Variable { features }
    func logits(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue { images }
  }
}
