public import SmootTensor

/// How much a map can change when the image hardly does: the greatest ||map(x + e) - map(x)|| / ||map(x)|| over random e in [-radius, radius).
///
/// Source: Yeh et al., On the (In)fidelity and Sensitivity of Explanations, 2019, definition 3.1. Captum draws 10 samples with radius 0.02, the defaults here, Quantus 200 with
/// radius 0.2. As in Captum, a map that is 0 everywhere counts as of length 1.
public struct MaxSensitivity: FaithfulnessMeasure {
  /// How far a value of the image may move, in normalized units.
  public var radius = 0.02
  /// How many perturbations of each image.
  public var samples = 10
  /// Which form of the maps is compared.
  public var values = MapValues.signed
  /// Where perturbations come from.
  public var seed: UInt64 = 1
  /// The perturbation e [channels x pixels] of a sample of an image, instead of a drawn one: to replay those of another implementation.
  public var replayed: (@Sendable (_ index: Int, _ sample: Int) -> [Float])?

  /// The measure with its default options.
  public init() {}

  /// What the measure is.
  public static let information = MeasureInformation(
    "max-sensitivity", title: "Max sensitivity",
    summary: "greatest relative change of the map under small noise on the image",
    source: "Yeh et al., 2019", needs: [.explainer])

  /// The greatest relative change.
  public static let scores = [ScoreDescription("max-sensitivity", "Max sensitivity", .lower)]

  /// The options.
  public static var options: [MeasureOption<Self>] {
    [
      .number("radius", \.radius, in: 0...1000, "how far a value of the image may move"),
      .integer("samples", \.samples, in: 1...1_000_000, "perturbations of each image"),
      .choice("values", \.values, "which form of the maps is compared"),
      .seed(\.seed),
    ]
  }

  /// One explanation for each perturbation.
  public func cost(for size: ImageSize) -> MeasureCost { MeasureCost(explanations: samples) }

  /// The greatest relative change of each image's map.
  public func measure(
    _ explanation: Explanation, of batch: EvaluationBatch
  ) throws -> BatchScores {
    let explainer = try required(.explainer, explanation.explainer)
    let clean = values.ofValues(explanation.maps)
    let count = clean.shape[1]
    let lengths = clean.withUnsafeElements { clean in
      (0..<batch.count).map { image in
        Self.length(clean[image * count..<(image + 1) * count].lazy.map(Double.init))
      }
    }
    let noise = DrawnNoise(
      distribution: .uniform(radius: radius),
      key: RandomKey(seed: seed).derived("max sensitivity"), replayed: replayed)
    var greatest = [Double](repeating: 0, count: batch.count)
    let rows = batch.count * samples
    for start in stride(from: 0, to: rows, by: batch.rowsPerPass) {
      let piece = start..<min(rows, start + batch.rowsPerPass)
      let places = piece.map { $0 / samples }
      let maps = try explainer(
        perturbed(batch, piece, noise), places.map { batch.targets[$0] },
        places.map { batch.indices[$0] }, batch.model)
      guard maps.count == piece.count * count, maps.isFinite else {
        throw MeasureError.badMaps(
          expected: "\(piece.count) maps of \(count) finite numbers",
          found: maps.isFinite ? "the shape \(maps.shape)" : "a number that is not finite")
      }
      let flat = values.ofValues(maps.reshaped(to: [piece.count, count]))
      withPointers(clean, flat) { clean, flat in
        for (row, place) in places.enumerated() {
          let change = Self.length(
            (0..<count).lazy.map {
              Double(clean[place * count + $0]) - Double(flat[row * count + $0])
            })
          let length = lengths[place] > 0 ? lengths[place] : 1
          greatest[place] = max(greatest[place], change / length)
        }
      }
    }
    return BatchScores(indices: batch.indices, scores: ["max-sensitivity": greatest])
  }

  /// Some of the perturbed images; row r is sample r % samples of image r / samples.
  private func perturbed(
    _ batch: EvaluationBatch, _ rows: Range<Int>, _ noise: DrawnNoise
  ) -> Tensor {
    let values = batch.valuesPerImage
    return Tensor(
      uninitialized: [rows.count, batch.size.channels, batch.size.height, batch.size.width]
    ) { target in
      withPointers(batch.images) { images in
        parallelFor(rows.count) { place in
          let row = rows.lowerBound + place
          let target = target + place * values
          noise.write(
            target, count: values, index: batch.indices[row / samples], sample: row % samples)
          let image = images + row / samples * values
          for value in 0..<values { target[value] += image[value] }
        }
      }
    }
  }

  private static func length(_ values: some Sequence<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
