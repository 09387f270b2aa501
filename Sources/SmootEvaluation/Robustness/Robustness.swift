import SmootAttribution
import SmootAutodiff
public import SmootDatasets
public import SmootNN
public import SmootTensor

/// How a network and its maps bear distorted images.
///
/// Scores, for each image: `confidence`, the probability of the label; `accuracy`, 100 where the label is the most probable class and else 0; and `agreement`, Spearman's rank
/// correlation between the map of the distorted image and the map of the image as it is, moved as the image was, over the pixels that still show the image. Dropout and Dropkey
/// Grad-CAM are judged by the first on noisy images; the paper only shows pictures for the others.
public struct Robustness: Sendable {
  /// What becomes of values below 0 and above 1.
  public var range: Distortion.Range
  /// Where the noise comes from.
  public var seed: UInt64
  /// How many times noise is drawn for each image; scores are means over them.
  public var draws: Int

  /// The names of the scores.
  public static let scores = ["confidence", "accuracy", "agreement"]

  /// Chooses how images are distorted.
  public init(range: Distortion.Range = .clip, seed: UInt64 = 0, draws: Int = 1) {
    precondition(draws > 0, "noise cannot be drawn \(draws) times")
    self.range = range
    self.seed = seed
    self.draws = draws
  }

  /// Images under a distortion.
  ///
  /// - Parameters:
  ///   - batch: the images as they are.
  ///   - distortion: what is changed.
  ///   - normalization: how they were normalized.
  ///   - draw: which draw of the noise.
  public func images(
    _ batch: LabeledBatch, _ distortion: Distortion, _ normalization: Normalization, draw: Int = 0
  ) -> Tensor {
    let keys = batch.indices.map {
      RandomKey(seed: seed).derived("robustness").derived($0).derived(draw)
    }
    return distortion(batch.images, normalization, range: range, keys: keys)
  }

  /// The scores of some images under a distortion.
  ///
  /// - Parameters:
  ///   - distortion: what is changed.
  ///   - batch: the images as they are.
  ///   - model: the network.
  ///   - normalization: how the images were normalized.
  ///   - maps: maps [images, channels or 1, height, width] of the first of the images as they are, if agreement is wanted.
  ///   - explain: makes maps of images, for labels and indices.
  public func measure(
    _ distortion: Distortion, on batch: LabeledBatch, model: any Classifier,
    normalization: Normalization, maps: Tensor? = nil,
    explain: ((Tensor, [Int32], [Int]) throws -> Tensor)? = nil
  ) throws -> BatchScores {
    let count = batch.labels.count
    let draws = distortion.kind == .noise && !distortion.isIdentity ? draws : 1
    var sums = [String: [Double?]](
      uniqueKeysWithValues: Self.scores.map { ($0, [Double?](repeating: 0, count: count)) })
    func add(_ name: String, _ values: [Double?]) {
      sums[name] = zip(sums[name] ?? [], values).map { sum, value in
        guard let sum, let value else { return nil }
        return sum + value / Double(draws)
      }
    }
    for draw in 0..<draws {
      let images = images(batch, distortion, normalization, draw: draw)
      let logits = model.logits(Variable(images), .evaluation()).value
      let probabilities = logits.softmaxOfRows
      let classes = probabilities.shape[1]
      add(
        "confidence",
        probabilities.withUnsafeElements { p in
          batch.labels.enumerated().map { Double(p[$0 * classes + Int($1)]) }
        })
      add(
        "accuracy",
        zip(logits.argmaxOfRows, batch.labels).map { $0 == Int($1) ? 100 : 0 })
      var agreement = [Double?](repeating: nil, count: count)
      if let maps, let explain {
        let explained = maps.shape[0]
        let found = try explain(
          images.sliced(axis: 0, 0..<explained), Array(batch.labels[..<explained]),
          Array(batch.indices[..<explained]))
        agreement.replaceSubrange(0..<explained, with: Self.agreement(maps, found, distortion))
      }
      add("agreement", agreement)
    }
    return BatchScores(indices: batch.indices, scores: sums)
  }

  /// How far maps of distorted images agree with the maps of the images as they are.
  ///
  /// - Parameters:
  ///   - maps: of the images as they are, [batch, channels or 1, height, width].
  ///   - found: of the distorted images.
  ///   - distortion: what was changed.
  /// - Returns: for each image a number in [-1, 1], or `nil` where a map is constant.
  public static func agreement(
    _ maps: Tensor, _ found: Tensor, _ distortion: Distortion
  ) -> [Double?] {
    let size = maps.shape
    let places = distortion.inside(height: size[2], width: size[3]).enumerated()
      .filter(\.element).map(\.offset)
    func chosen(_ maps: Tensor) -> Tensor {
      let pixels = Saliency.ofPixels(maps, .meanThenAbs, isAbsolute: false)
      let columns = pixels.shape[1]
      return Tensor(uninitialized: [pixels.shape[0], places.count]) { target in
        withPointers(pixels) { pixels in
          for row in 0..<size[0] {
            for (index, place) in places.enumerated() {
              target[row * places.count + index] = pixels[row * columns + place]
            }
          }
        }
      }
    }
    return MapSimilarity.rankCorrelation(chosen(distortion.moved(maps)), chosen(found))
  }
}
