import Foundation
import SmootAutodiff
import SmootCheckpoints
import SmootNN
import SmootTensor
import SmootTestSupport
import SmootTraining
import Testing

/// Beginning from foreign weights: what is taken, what is made to fit, what is refused.
@Suite struct InitializationTests {
  private func model(_ name: String, side: Int = 16, classes: Int = 4) throws -> any Classifier {
    try ModelRegistry.make(
      name, inputSize: ImageSize(channels: 3, height: side, width: side), classCount: classes,
      random: RandomKey(seed: 1))
  }

  /// A file with other numbers for the parameters of a model.
  private func file(of model: any Classifier, type: String = "F32") -> TensorFile {
    var file = TensorFile()
    for (index, parameter) in (model.parameters + model.buffers).enumerated() {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let tensor = scrambled(shape, Double(index))
      file.entries[parameter.name] =
        parameter.layout == .count
        ? .init(integers: Tensor(7).reshaped(to: shape)) : entry(tensor, type)
    }
    return file
  }

  private func entry(_ tensor: Tensor, _ type: String) -> TensorFile.Entry {
    let data: Data =
      switch type {
      case "F16": tensor.scalars.map { Float16($0).bitPattern }.withUnsafeBytes { Data($0) }
      case "BF16":
        tensor.scalars.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes { Data($0) }
      case "F64": tensor.scalars.map(Double.init).withUnsafeBytes { Data($0) }
      default: tensor.scalars.withUnsafeBytes { Data($0) }
      }
    return .init(type: type, shape: tensor.shape.dimensions, data: data)
  }

  @Test(arguments: ["cnn", "vit-micro", "resnet18"]) func takesAllOfAFile(_ name: String) throws {
    let model = try model(name)
    let file = file(of: model)
    let result = try Initialization(model, from: file, path: "weights")
    #expect(result.taken == file.entries.count)
    #expect(result.fresh.isEmpty && result.adapted.isEmpty && result.unused.isEmpty)
    for parameter in model.parameters {
      let inFile = try #require(file.entries[parameter.name]?.tensor)
      #expect(parameter.layout.toFile(parameter.value).scalars == inFile.scalars)
    }
  }

  @Test(arguments: [("F16", 1e-3), ("BF16", 1e-2), ("F64", 1e-7)] as [(String, Float)])
  func readsOtherTypes(_ type: String, _ tolerance: Float) throws {
    let model = try model("cnn")
    _ = try Initialization(model, from: file(of: model, type: type), path: "weights")
    let exact = file(of: model)
    for parameter in model.parameters {
      let wanted = try #require(exact.entries[parameter.name]?.tensor)
      expectClose(
        parameter.layout.toFile(parameter.value), wanted, relative: tolerance, parameter.name)
    }
  }

  @Test func leavesAHeadForOtherClassesAsItIsAndNamesIt() throws {
    let target = try model("vit-micro", classes: 7)
    let before = try #require(target.parameters.last).value.scalars
    let result = try Initialization(
      target, from: file(of: model("vit-micro", classes: 4)), path: "weights")
    #expect(result.fresh.count == 2 && result.fresh.allSatisfy { $0.hasPrefix("head.") })
    #expect(try #require(target.parameters.last).value.scalars == before)
  }

  @Test func resamplesPositionsAndNamesWhatHasNoPlace() throws {
    var options = ModelOptions()
    options.isDistilled = true
    let size = ImageSize(channels: 3, height: 32, width: 32)
    let distilled = try ModelRegistry.make(
      "vit-micro", options, inputSize: size, classCount: 4, random: RandomKey(seed: 1))
    let result = try Initialization(
      model("vit-micro"), from: file(of: distilled), path: "weights")
    #expect(result.adapted == ["pos_embed: [1, 66, 64] -> [1, 17, 64]"])
    #expect(result.unused == ["dist_token", "head_dist.bias", "head_dist.weight"])
  }

  @Test func refusesWeightsOfAnotherNetworkAndChangesNothing() throws {
    let target = try model("vit-micro")
    let before = target.parameters.map(\.value.scalars)
    func expectRefusal(_ file: TensorFile, _ tensor: String) {
      #expect {
        _ = try Initialization(target, from: file, path: "weights")
      } throws: { error in "\(error)".contains(tensor) && "\(error)".contains("weights") }
    }
    expectRefusal(file(of: try model("cnn")), "cls_token")
    expectRefusal(file(of: try model("vit-tiny")), "cls_token")
    var broken = file(of: target)
    broken.entries["blocks.3.mlp.fc1.weight"] = .init(scrambled([512, 64], 0))
    expectRefusal(broken, "blocks.3.mlp.fc1.weight")
    broken.entries["blocks.3.mlp.fc1.weight"] = .init(
      type: "I32", shape: [512, 128], data: Data(count: 4 * 512 * 128))
    expectRefusal(broken, "I32")
    #expect(target.parameters.map(\.value.scalars) == before)
  }
}
