import Foundation
import SmootAutodiff
import SmootExport
import SmootNN
import SmootTensor
import SmootTestSupport

/// A network with numbers of which none is 0 or 1, running statistics included.
func exampleModel(
  _ name: String, _ size: ImageSize, classes: Int = 10, options: ModelOptions = ModelOptions()
) throws -> any Classifier {
  let model = try ModelRegistry.make(
    name, options, inputSize: size, classCount: classes, random: RandomKey(seed: 1))
  for (index, parameter) in (model.parameters + model.buffers).enumerated() {
    if parameter.layout == .count {
      parameter.value = Tensor(Float(index))
    } else if parameter.value.shape.rank == 1 || parameter.name == "cls_token" {
      let change = scrambled(parameter.value.shape, 0.1 * Double(index), 0.1)
      parameter.value = parameter.value + change
    }
  }
  return model
}

/// What an exported file says about such a network.
func exampleDescription(_ name: String, _ size: ImageSize, classes: Int = 10) -> ExportDescription {
  ExportDescription(
    model: name, inputSize: size, classNames: (0..<classes).map { "class \"\($0)\" é" },
    mean: [Float](repeating: 0.25, count: size.channels),
    standardDeviation: [Float](repeating: 0.5, count: size.channels), dataset: "examples",
    weights: "plain", version: "1.2.3")
}

/// A folder of its own for each test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/smoot-export-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
