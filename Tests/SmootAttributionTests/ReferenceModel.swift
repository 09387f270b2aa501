import Foundation
import SmootAttribution
import SmootAutodiff
import SmootCheckpoints
import SmootNN
import SmootTensor
import SmootTestSupport

/// A network, images and draws that `Scripts/reference/make_attribution_goldens.py` has as well.
struct ReferenceModel {
  let name: String
  let model: any Classifier
  let images: Tensor
  /// The images of Riemann sums, at whose places on the way those of residual networks have no kink.
  let riemannImages: Tensor
  let targets: [Int32] = [3, 1]
  /// The reference's maps: every `stride`-th number of each, and the largest magnitude of the whole map.
  let maps: [String: [Float]]
  let stride: Int
  private let draws: [String: [Float]]
  private static let samples = 3

  static let names = ["cnn", "resnet18", "resnet50", "vit-tiny"]

  /// - Parameter depth: how many blocks a transformer has; the usual number when left out.
  init(_ name: String, depth: Int? = nil) throws {
    self.name = name
    let size =
      switch name {
      case "cnn": ImageSize(channels: 1, height: 28, width: 28)
      case "resnet18": ImageSize(channels: 3, height: 16, width: 16)
      case "resnet50": ImageSize(channels: 3, height: 40, width: 40)
      default: ImageSize(channels: 3, height: 32, width: 32)
      }
    var options = ModelOptions()
    if name == "resnet50" { options.stem = .imagenet }
    if let depth { options.depth = depth }
    model = try ModelRegistry.make(
      name, options, inputSize: size, classCount: 10, random: RandomKey(seed: 1))
    for parameter in model.parameters + model.buffers where parameter.layout != .count {
      let shape = parameter.layout.fileShape(of: parameter.value.shape)
      parameter.value = parameter.layout.fromFile(Self.value(parameter.name, shape))
    }
    let file = try TensorFile(
      contentsOf: "\(Bundle.module.bundlePath)/Fixtures/maps_\(name).safetensors")
    let entries = file.entries.mapValues { $0.tensor?.scalars ?? [] }
    maps = entries.filter { !$0.key.hasPrefix("draws.") }
    draws = entries.filter { $0.key.hasPrefix("draws.") }
    stride = ["cnn": 3, "resnet18": 3][name] ?? 11
    let usual = Self.images(draws["draws.images"] ?? [], size)
    images = usual
    riemannImages = draws["draws.riemann"].map { Self.images($0, size) } ?? usual
  }

  /// Images by the phases of their formulas, in hundredths.
  private static func images(_ phases: [Float], _ size: ImageSize, _ scale: Double = 1) -> Tensor {
    .concatenated(
      phases.map { scrambled(Shape([1] + size.dimensions), 0.01 * Double($0), scale) }, axis: 0)
  }

  private static func value(_ name: String, _ shape: Shape) -> Tensor {
    let sum = name.utf8.enumerated().reduce(0) { $0 + ($1.offset + 1) * Int($1.element) }
    let phase = Double(sum % 1000) / 100
    let isNorm = ["norm", "bn", "downsample.1"].contains { name.contains($0) }
    if (isNorm && name.hasSuffix("weight")) || name.hasSuffix("running_var") {
      return scrambled(shape, phase, 0.1) + Tensor(1)
    }
    if shape.rank == 1 || name == "cls_token" || name == "pos_embed" {
      return scrambled(shape, phase, 0.1)
    }
    let fan = shape.dimensions.dropFirst().reduce(1, *)
    return scrambled(shape, phase, 1.5 / Double(fan).squareRoot())
  }

  /// [3, channels, height, width].
  var references: Tensor {
    scrambled(Shape([3] + model.inputSize.dimensions), 0.2, 0.8)
  }

  /// The first two reference images, one for each image.
  var baseline: Baseline { .images(FrozenTensor(references.sliced(axis: 0, 0..<2))) }

  /// [2, samples, channels, height, width].
  var noise: FrozenTensor {
    let size = model.inputSize
    return FrozenTensor(
      Self.images(draws["draws.noise"] ?? [], size, 0.2)
        .reshaped(to: Shape([2, Self.samples] + size.dimensions)))
  }

  /// What chance decides in gradient SHAP.
  var gradientDraws: GradientSHAP.Draws {
    GradientSHAP.Draws(
      references: (draws["draws.references"] ?? []).map { Int($0) },
      places: (draws["draws.places"] ?? []).map { Float((Int($0) % 97 + 1)) / 98 }, noise: noise)
  }

  var context: AttributionContext {
    let channels = model.inputSize.channels
    return AttributionContext(
      references: FrozenTensor(references),
      pixelRange: PixelRange(
        low: [Float](repeating: -1, count: channels),
        high: [Float](repeating: 1.25, count: channels)))
  }

  /// The method that the reference has under a title.
  func method(_ title: String) throws -> any AttributionMethod {
    let sampling = NoiseSampling(samples: Self.samples, noise: noise)
    let steps = ["cnn": 4, "vit-tiny": 10][name] ?? 3
    func lrp(_ options: [String: String]) throws -> any AttributionMethod {
      try AttributionRegistry.make("lrp", MethodOptions(options))
    }
    switch title {
    case "gradient absolute": return Gradient(isAbsolute: true)
    case "smoothgrad": return SmoothGrad(sampling)
    case "smoothgrad-squared": return SmoothGradSquared(sampling)
    case "vargrad": return VarGrad(sampling)
    case "smoothgrad absolute":
      return SmoothGrad(
        NoiseSampling(of: Gradient(isAbsolute: true), samples: Self.samples, noise: noise))
    case "gradient-shap": return GradientSHAP(samples: Self.samples, draws: gradientDraws)
    case "integrated-gradients baseline":
      return IntegratedGradients(steps: steps, baseline: baseline)
    case "deeplift baseline": return DeepLIFT(baseline: baseline)
    case "lrp epsilon 0.25": return try lrp(["composite": "epsilon", "epsilon": "0.25"])
    case "lrp captum-epsilon 0.25":
      var rules = LRP.Composite.captumEpsilon.rules()
      (rules.convolution, rules.linear, rules.stabilizer) = (.epsilon(0.25), .epsilon(0.25), 0.25)
      return LRP(rules)
    case "lrp captum-gamma", "lrp captum-alpha1-beta0":
      return try lrp([
        "composite": "captum-epsilon", "convolution": "\(title.dropFirst(4))", "linear": "epsilon",
        "epsilon": "0.01", "stabilizer": "0.01",
      ])
    case "lrp alpha-beta": return try lrp(["convolution": "alpha-beta", "linear": "alpha-beta"])
    case "lrp gamma": return try lrp(["convolution": "gamma", "linear": "gamma"])
    case "lrp epsilon-plus-w-square": return try lrp(["first": "w-square"])
    default:
      let words = title.split(separator: " ").map(String.init)
      if words[0] == "integrated-gradients" {
        return try AttributionRegistry.make(
          words[0], MethodOptions(["quadrature": words[1], "steps": "\(steps)"]))
      }
      return words[0] == "lrp"
        ? try lrp(["composite": words[1]]) : try AttributionRegistry.make(words[0])
    }
  }
}
