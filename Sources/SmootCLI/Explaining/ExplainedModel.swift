import Foundation
import Smoot

/// The maps of one method for some images under one model.
struct ExplainedMaps {
  let method: ChosenMethod
  /// As the method made them.
  let attribution: Attribution
  /// [batch, channels or 1, height, width] in the images' extents, raw and signed.
  let values: Tensor
  /// One number for each pixel of each image, as it is drawn.
  let drawn: [[Float]]
  let seconds: Double

  /// How the channels of a map become one number for each pixel that is drawn; measures take the mean of the magnitudes.
  static let reduction = ChannelReduction.meanThenAbs

  /// Brings maps to the images' extents.
  init(
    _ method: ChosenMethod, _ attribution: Attribution, _ size: ImageSize,
    _ rectification: Rectification, seconds: Double
  ) {
    self.method = method
    self.attribution = attribution
    self.seconds = seconds
    values = method.ready(attribution.values, for: size, .none)
    let shown = method.ready(attribution.values, for: size, rectification)
    let pixels = Saliency.ofPixels(shown, Self.reduction, isAbsolute: false).scalars
    drawn = stride(from: 0, to: pixels.count, by: size.pixels).map {
      Array(pixels[$0..<$0 + size.pixels])
    }
  }
}

/// Some images explained by several methods under one model.
struct ExplainedModel {
  let path: String
  let convolution: ConvolutionAlgorithm
  /// What stands in the names of its files: nothing for the first model, `model2` for the second.
  let label: String
  /// The names of the classes that the model knows.
  let classNames: [String]
  /// [batch, classes].
  let logits: Tensor
  /// The class explained for each image.
  let targets: [Int32]
  /// How many images went through the network together.
  let pieceSize: Int
  /// One for each method.
  let maps: [ExplainedMaps]

  /// What tells a model from the first in names of files, given its place.
  static func label(_ place: Int) -> String { place == 0 ? "" : "model\(place + 1)" }

  /// What is drawn: [method][image][pixel].
  var drawn: [[[Float]]] { maps.map(\.drawn) }

  /// How far maps are from complete, each as a share of the magnitude of the explained score; only what is finite.
  func relativeDeltas(of maps: ExplainedMaps) -> [Float] {
    guard let deltas = maps.attribution.deltas else { return [] }
    let scores = Variable(logits).score(ofClasses: targets, maps.method.score).value.scalars
    return zip(deltas, scores).map { abs($0 / $1) }.filter(\.isFinite)
  }

  /// Explains images.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized.
  ///   - labels: the class of each image; without them, the one that the model takes it for.
  ///   - indices: the images' places in their data set.
  ///   - loaded: the model.
  ///   - methods: the methods.
  ///   - surroundings: what they need besides images.
  ///   - flags: how they work.
  ///   - pieceSize: how many images go through the network together.
  ///   - place: which of several models it is, from 0.
  init(
    _ images: Tensor, labels: [Int32]?, indices: [Int], _ loaded: LoadedModel,
    _ methods: [ChosenMethod], _ surroundings: Surroundings, _ flags: AttributionFlags,
    pieceSize: Int, place: Int = 0
  ) throws {
    label = Self.label(place)
    let target = try flags.explainedClass()
    let rectification: Rectification = try choice("--rectify", flags.rectify)
    let clean = CleanPass(
      images, loaded.model, pieceSize: pieceSize,
      gradientOf: methods.first { $0.method is Gradient }
    ) { logits in
      if let labels, target == .label { return labels }
      return logits.argmaxOfRows.map { Int32($0) }
    }
    let context = surroundings.context(seed: flags.seed, pieceSize: pieceSize)
    maps = try methods.map { method in
      if let known = clean.gradients, method.method is Gradient {
        return ExplainedMaps(
          method, known, loaded.model.inputSize, rectification, seconds: clean.seconds)
      }
      let begin = ContinuousClock.now
      let attribution = try method.maps(
        of: images, targets: clean.targets, indices: indices, model: loaded.model, context)
      return ExplainedMaps(
        method, attribution, loaded.model.inputSize, rectification,
        seconds: (ContinuousClock.now - begin) / .seconds(1))
    }
    (logits, targets) = (clean.logits, clean.targets)
    self.pieceSize = pieceSize
    (path, classNames) = (loaded.path, loaded.description.classNames)
    convolution = loaded.convolution
  }
}
