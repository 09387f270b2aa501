import Foundation
import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// The networks, weights and images of `Scripts/reference/make_class_activation_goldens.py`.
enum ExampleNetwork: String, CaseIterable {
  case cnn
  case resnet18
  case vit

  /// The network's name in tables.
  var name: String { self == .vit ? "vit-tiny" : rawValue }

  var images: Tensor {
    let side = self == .cnn ? 20 : 32
    return scrambled([2, 3, side, side], 0.5)
  }

  /// The classes that the references explain.
  static let targets: [Int32] = [3, 1]

  func model() throws -> any Classifier {
    switch self {
    case .cnn:
      let model = PaperCNN(
        inputSize: ImageSize(channels: 3, height: 20, width: 20), classCount: 10,
        random: RandomKey(seed: 1))
      for (index, parameter) in model.parameters.enumerated() {
        let shape = parameter.layout.fileShape(of: parameter.value.shape)
        let fan = shape.rank > 1 ? shape.dimensions.dropFirst().reduce(1, *) : 64
        parameter.value = parameter.layout.fromFile(
          scrambled(shape, 0.1 * Double(index), 2 / Double(fan).squareRoot()))
      }
      return model
    case .resnet18: return try residual()
    case .vit:
      var options = ModelOptions()
      options.patchSize = 4
      let model = try ModelRegistry.make(
        "vit-tiny", options, inputSize: ImageSize(channels: 3, height: 32, width: 32),
        classCount: 10, random: RandomKey(seed: 1))
      for (index, parameter) in model.parameters.enumerated() {
        let shape = parameter.layout.fileShape(of: parameter.value.shape)
        let phase = 0.1 * Double(index)
        let name = parameter.name
        let value: Tensor
        if name.contains("norm") && name.hasSuffix("weight") {
          value = scrambled(shape, phase, 0.1) + Tensor(1)
        } else if shape.rank == 1 || name == "cls_token" || name == "pos_embed" {
          value = scrambled(shape, phase, 0.1)
        } else {
          let fan = shape.dimensions.dropFirst().reduce(1, *)
          value = scrambled(shape, phase, 1.5 / Double(fan).squareRoot())
        }
        parameter.value = parameter.layout.fromFile(value)
      }
      return model
    }
  }

  private func residual() throws -> any Classifier {
    let model = ResNet(
      .resnet18, inputSize: ImageSize(channels: 3, height: 32, width: 32), classCount: 10,
      random: RandomKey(seed: 1))
    let named = Dictionary(
      uniqueKeysWithValues: (model.parameters + model.buffers).map { ($0.name, $0) })
    for (index, name) in residualNames().enumerated() {
      let parameter = try #require(named[name])
      if parameter.layout == .count { continue }
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      let phase = 0.1 * Double(index)
      let value: Tensor
      if name.hasSuffix("running_var") || (name.hasSuffix("weight") && shape.rank == 1) {
        value = scrambled(shape, phase, 0.1) + Tensor(1)
      } else if shape.rank == 1 {
        value = scrambled(shape, phase, 0.1)
      } else {
        let fan = shape.dimensions.dropFirst().reduce(1, *)
        value = scrambled(shape, phase, 2 / Double(fan).squareRoot())
      }
      parameter.value = parameter.layout.fromFile(value)
    }
    return model
  }

  /// The names in the order of torchvision's state dictionary.
  private func residualNames() -> [String] {
    let norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    var names = ["conv1.weight"] + norm.map { "bn1." + $0 }
    for stage in 1...4 {
      for block in 0..<2 {
        let prefix = "layer\(stage).\(block)."
        for index in 1...2 {
          names.append("\(prefix)conv\(index).weight")
          names += norm.map { "\(prefix)bn\(index)." + $0 }
        }
        if stage > 1 && block == 0 {
          names.append(prefix + "downsample.0.weight")
          names += norm.map { prefix + "downsample.1." + $0 }
        }
      }
    }
    return names + ["fc.weight", "fc.bias"]
  }
}

/// The largest difference between maps relative to the largest magnitude of the expected ones, image by image.
func relativeDifference(_ found: Tensor, _ expected: Tensor) -> Float {
  let count = expected.count / expected.shape[0]
  let (found, wanted) = (found.scalars, expected.scalars)
  guard found.count == wanted.count else { return .infinity }
  var worst: Float = 0
  for start in stride(from: 0, to: wanted.count, by: count) {
    let range = start..<start + count
    let scale = wanted[range].reduce(Float(1e-30)) { max($0, abs($1)) }
    let difference = range.reduce(Float(0)) { max($0, abs(found[$1] - wanted[$1])) }
    // Not `max`, which forgets a NaN.
    if !(difference / scale <= worst) { worst = difference / scale }
  }
  return worst
}

extension Tensor {
  /// Some of the numbers and behind them the largest magnitude of all, as files hold large maps; [1, numbers].
  func sampled(every stride: Int) -> Tensor {
    let values = scalars
    let some = Swift.stride(from: 0, to: values.count, by: stride).map { values[$0] }
    return Tensor(
      some + [values.reduce(0) { max($0, abs($1)) }], shape: [1, some.count + 1])
  }
}

/// Prints a line of the table of differences, which `Scripts/reference/parity_table.py` puts together.
func report(
  _ difference: Float, _ method: String, _ network: String, _ layer: String = "",
  against reference: String
) {
  print("parity | \(method) | \(network) | \(layer) | \(reference) | \(difference)")
}
