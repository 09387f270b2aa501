import Foundation
import SmootAutodiff
import SmootCheckpoints
import SmootExport
import SmootNN
import SmootTensor
import Testing

/// Exported safetensors files, read back.
@Suite struct SafetensorsExportTests {
  @Test(arguments: ["cnn", "vit-micro", "resnet18"]) func holdsTheModelAlone(_ name: String) throws
  {
    let folder = try TemporaryFolder()
    let size = ImageSize(channels: 3, height: 32, width: 32)
    let model = try exampleModel(name, size)
    let path = folder.file("model.safetensors")
    let exported = try ModelExport.write(
      model, exampleDescription(name, size), as: .safetensors, to: path, texts: ["more": "text"])
    let file = try TensorFile(contentsOf: path)
    let parameters = model.parameters + model.buffers
    #expect(file.entries.keys.sorted() == parameters.map(\.name).sorted())
    #expect(exported.tensors == parameters.count && exported.path == path)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == exported.bytes)
    for parameter in parameters {
      let entry = try #require(file.entries[parameter.name])
      let expected = parameter.layout.toFile(parameter.value)
      let found = parameter.layout == .count ? entry.integers : entry.tensor
      #expect(entry.shape == expected.shape.dimensions)
      #expect(found?.scalars == expected.scalars, "\(parameter.name)")
    }
    #expect(try folder.names == ["model.safetensors"])
    #expect(
      file.metadata["model_args"]
        == (name == "vit-micro"
          ? #"{"depth":6,"embed_dim":64,"img_size":[32,32],"in_chans":3,"mlp_ratio":4,"num_classes":10,"num_heads":4,"patch_size":4}"#
          : nil))
  }

  /// A network that resizes its images itself: the weights are those of the network behind that.
  @Test func describesTheResize() throws {
    let folder = try TemporaryFolder()
    let size = ImageSize(channels: 3, height: 16, width: 16)
    var options = ModelOptions()
    (options.resize, options.interpolation, options.patchSize) = (24, .bicubic, 8)
    let model = FrozenClassifier(try exampleModel("vit-micro", size, options: options)) {
      $0 == "cls_token"
    }
    let path = folder.file("model.safetensors")
    _ = try ModelExport.write(
      model, exampleDescription("vit-micro", size), as: .safetensors, to: path)
    let file = try TensorFile(contentsOf: path)
    #expect(file.metadata["input_size"] == "[3,24,24]")
    #expect(file.metadata["interpolation"] == "bicubic")
    let arguments = try #require(file.metadata["model_args"])
    #expect(arguments.contains(#""img_size":[24,24]"#) && arguments.contains(#""patch_size":8"#))
    #expect(file.entries["cls_token"] != nil && file.entries["pos_embed"]?.shape == [1, 10, 64])
    #expect(try folder.names == ["model.safetensors"])
  }

  @Test func describesThePreprocessing() throws {
    let folder = try TemporaryFolder()
    let size = ImageSize(channels: 1, height: 28, width: 28)
    var description = exampleDescription("cnn", size, classes: 2)
    description.interpolation = "bicubic"
    let model = try exampleModel("cnn", size, classes: 2)
    let path = folder.file("model.safetensors")
    _ = try ModelExport.write(model, description, as: .safetensors, to: path, texts: ["more": "x"])
    #expect(
      try TensorFile(contentsOf: path).metadata == [
        "architecture": "cnn", "dataset": "examples", "format": "pt", "input_size": "[1,28,28]",
        "interpolation": "bicubic", "label_names": #"["class \"0\" é","class \"1\" é"]"#,
        "mean": "[0.25]", "more": "x", "num_classes": "2", "smoot_version": "1.2.3",
        "std": "[0.5]", "weights": "plain",
      ])
    #expect(try folder.names == ["model.safetensors"])
  }
}
