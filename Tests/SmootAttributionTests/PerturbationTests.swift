import Foundation
import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Maps from covered images against Captum's, written-out definitions and exact identities.
@Suite(.serialized) struct PerturbationTests {
  private func golden(_ name: String) throws -> Tensor {
    try GoldenFile(Bundle.module.bundlePath, "perturbation").tensor(name)
  }

  private func expectNear(_ found: Tensor, _ name: String) throws {
    let expected = try golden(name)
    // Every 11th number of large maps is in the file.
    let difference =
      expected.shape.rank == 1
      ? relativeDifference(
        found.sampled(every: 11), expected.reshaped(to: [1, expected.count]))
      : relativeDifference(found, expected)
    let words = name.split(separator: ".", maxSplits: 1).map(String.init)
    let network = words[0] == "vit" ? "vit-tiny" : words[0]
    let isWrittenOut = name.hasPrefix("rise")
    report(
      difference, isWrittenOut ? name : words[1], isWrittenOut ? "cnn" : network,
      against: isWrittenOut ? "written out" : "Captum")
    #expect(difference <= 1e-4, "\(name): \(difference)")
  }

  private func maps(
    _ method: any AttributionMethod, _ network: ExampleNetwork = .cnn, images: Int = 2,
    _ context: AttributionContext = AttributionContext()
  ) throws -> Attribution {
    try method.attribute(
      network.images.sliced(axis: 0, 0..<images),
      targets: Array(ExampleNetwork.targets.prefix(images)), model: try network.model(), context)
  }

  /// A network and images by the name of the reference's.
  private func subject(_ name: String) throws -> (model: any Classifier, images: Tensor) {
    if let network = ExampleNetwork(rawValue: name) { return (try network.model(), network.images) }
    let reference = try ReferenceModel(name)
    return (reference.model, reference.images)
  }

  @Test(arguments: [("cnn", 5, 3), ("resnet18", 7, 5), ("resnet50", 8, 6), ("vit", 8, 8)])
  func equalsCaptumsOcclusion(_ network: String, _ window: Int, _ stride: Int) throws {
    let (model, images) = try subject(network)
    let found = try Occlusion(window: window, stride: stride, cover: 0.25).attribute(
      images, targets: ExampleNetwork.targets, model: model, AttributionContext())
    try expectNear(found.values, "\(network).occlusion")
  }

  @Test(arguments: ["cnn", "resnet18", "resnet50", "vit"])
  func equalsCaptumsSurrogates(_ network: String) throws {
    let (model, images) = try subject(network)
    let choices = try golden("samples")
    func compare(_ method: any AttributionMethod, _ title: String) throws {
      let found = try method.attribute(
        images.sliced(axis: 0, 0..<1), targets: [3], model: model, AttributionContext())
      try expectNear(found.values, "\(network).\(title)")
    }
    var shap = KernelSHAP(cells: 4, cover: 0.25)
    shap.choices = choices
    try compare(shap, "kernel-shap")
    var lime = LIME(cells: 4, cover: 0.25)
    lime.choices = choices
    try compare(lime, "lime.lasso.cosine")
    (lime.penalty, lime.strength, lime.distance, lime.width) = (.ridge, 2, .euclidean, 45)
    try compare(lime, "lime.ridge.euclidean")
  }

  @Test func weighsGivenMasks() throws {
    let masks = (scrambled([30, 1, 20, 20], 0.2) + Tensor(1)) * 0.5
    for normalization in RISE.Normalization.allCases {
      var rise = RISE(normalization: normalization)
      rise.masks = masks
      for pieceSize in [7, 64] {
        try expectNear(
          try maps(rise, .cnn, AttributionContext(pieceSize: pieceSize)).values,
          "rise.\(normalization.rawValue)")
      }
    }
  }

  /// scikit-image enlarges the cells as the paper's code does.
  @Test func drawsMasksAsThePaperDoes() throws {
    let cells = try golden("rise.cells").reshaped(to: [5, 1, 7, 7])
    let matrix = Interpolation.mirroredMatrix(from: 7, to: 24)
    let large = cells.resampled(rows: matrix, columns: matrix)
    #expect(
      relativeDifference(large, try golden("rise.upsampled").reshaped(to: [5, 1, 24, 24])) < 1e-6)
    let rise = RISE(probability: 0.3)
    let masks = rise.drawn(0..<4000, height: 20, width: 23) { RandomKey(seed: 1).derived($0) }
    #expect(masks.shape == [4000, 1, 20, 23])
    let mean = masks.mean(over: [0]).scalars
    #expect(mean.allSatisfy { abs($0 - 0.3) < 0.035 })
    let some = rise.drawn(17..<19, height: 20, width: 23) { RandomKey(seed: 1).derived($0) }
    #expect(some.scalars == masks.sliced(axis: 0, 17..<19).scalars)
  }

  /// The same bits for pieces of any size.
  @Test(
    arguments: [
      ("occlusion", [:]), ("rise", ["samples": "40"]), ("lime", ["samples": "40", "cells": "3"]),
      ("kernel-shap", ["samples": "40", "cells": "3"]),
    ])
  func doesNotDependOnPieces(_ method: String, _ options: [String: String]) throws {
    let method = try AttributionRegistry.make(method, MethodOptions(options))
    let small = try maps(method, .cnn, AttributionContext(seed: 3, pieceSize: 1)).values
    let large = try maps(method, .cnn, AttributionContext(seed: 3, pieceSize: 64)).values
    #expect(small.scalars == large.scalars)
    let alone = try method.attribute(
      ExampleNetwork.cnn.images.sliced(axis: 0, 1..<2), targets: [1],
      model: try ExampleNetwork.cnn.model(), AttributionContext(seed: 3, indices: [1])
    ).values
    #expect(alone.scalars == small.sliced(axis: 0, 1..<2).scalars)
  }

  /// The cell of a grid of 3 x 3 that a pixel of 6 x 6 lies in.
  private func cell(_ pixel: Int) -> Int { pixel / 12 * 3 + pixel % 6 / 2 }

  /// A score that is linear in the pixels: every method finds each superpixel's own part of it.
  @Test func findsTheTermsOfALinearScore() throws {
    let size = ImageSize(channels: 1, height: 6, width: 6)
    let weights = scrambled([2, 36], 0.3)
    let model = LinearScore(inputSize: size, weights: weights)
    let image = scrambled([1, 1, 6, 6], 0.9)
    let terms = zip(image.scalars, weights.scalars[36...]).map { $0 * $1 }
    var parts = [Float](repeating: 0, count: 36)
    for pixel in 0..<36 {
      for other in 0..<36 where cell(pixel) == cell(other) { parts[pixel] += terms[other] }
    }
    func explain(_ method: any AttributionMethod) throws -> Attribution {
      try method.attribute(image, targets: [1], model: model, AttributionContext())
    }
    let shap = try explain(KernelSHAP(samples: 40, cells: 3))
    expectClose(shap.values.scalars, parts, relative: 1e-5)
    let total = parts.reduce(0) { $0 + abs($1) }
    #expect(abs(shap.deltas?[0] ?? 1) < 1e-5 * total)
    expectClose(
      try explain(LIME(samples: 60, cells: 3, penalty: .ridge, strength: 0)).values.scalars, parts,
      relative: 1e-5)
    let occlusion = try explain(Occlusion(window: 2, stride: 2))
    expectClose(occlusion.values.scalars, parts, relative: 1e-5)
    // Each window counts once for each of its pixels, the last ones cut at the edge: 3 + 3 columns.
    let cut = try explain(Occlusion(window: 4, stride: 3)).values
    #expect(cut.shape == [1, 1, 6, 6])
    var corner: Float = 0
    for pixel in 0..<36 where pixel / 6 < 4 && pixel % 6 < 4 { corner += terms[pixel] }
    #expect(abs(cut.scalars[0] - corner) < 1e-5)
    // A penalty without end leaves nothing.
    let nothing = try explain(LIME(samples: 60, cells: 3, strength: 1e6))
    #expect(nothing.values.scalars.allSatisfy { $0 == 0 })
    #expect(nothing.statuses == [.allZero])
  }

  @Test func saysWhatIsWrong() throws {
    func message(_ method: any AttributionMethod) -> String {
      do {
        _ = try maps(method, images: 1)
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(message(Occlusion(window: 21)).contains("at most the image's 20"))
    #expect(message(Occlusion(window: 4, stride: 5)).contains("from 1 to the window's 4"))
    #expect(message(KernelSHAP(samples: 25)).contains("at least 47"))
    var rise = RISE()
    rise.masks = .zeros([3, 1, 4, 4])
    #expect(message(rise).contains("expected [masks, 1, 20, 20]"))
    var lime = LIME(cells: 3)
    lime.choices = .zeros([3, 4])
    #expect(message(lime).contains("expected [samples, 9]"))
  }
}

/// A network without anything but a linear layer.
private struct LinearScore: Classifier {
  let inputSize: ImageSize
  let weights: Tensor
  var classCount: Int { weights.shape[0] }
  var parameters: [Parameter] { [] }

  func features(_ images: Variable, _ context: ForwardContext) -> Variable {
    images.reshaped(to: [images.shape[0], images.shape.count / images.shape[0]])
  }

  func logits(features: Variable, _ context: ForwardContext) -> Variable {
    features.matrixProduct(Variable(weights.transposed))
  }
}
