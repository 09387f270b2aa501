import Foundation
public import SmootDatasets
public import SmootTensor

/// A change of an image that leaves what it shows as it is, or is meant to.
///
/// All changes are made on pixel values from 0 to 1; what comes in from beyond the edges is black.
public struct Distortion: Sendable, Hashable, Codable {
  /// What is changed.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Independent Gaussian noise is added to each value; the level is its variance.
    case noise
    /// The image is turned about its centre, counter-clockwise; the level is in degrees.
    case rotation
    /// The image is made wider, and what no longer fits is cut off at both sides; the level is the factor.
    case stretch
    /// Values move towards the mean of their image; the level is the share of their distance that is left.
    case contrast
    /// The image is made smaller, in the middle of a black canvas; the level is the factor.
    case size
  }

  /// What becomes of values below 0 and above 1.
  public enum Range: String, Sendable, Codable, CaseIterable {
    /// They become 0 and 1.
    case clip
    /// The image is stretched so that its lowest value is 0 and its highest 1, as far as it goes beyond them.
    case rescale
  }

  /// What is changed.
  public var kind: Kind
  /// How much.
  public var level: Double

  /// Chooses a change.
  ///
  /// - Parameters:
  ///   - kind: what is changed.
  ///   - level: how much; see ``isPossible``.
  public init(_ kind: Kind, _ level: Double) {
    self.kind = kind
    self.level = level
  }

  /// The level at which nothing is changed.
  public static func identity(_ kind: Kind) -> Double {
    switch kind {
    case .noise, .rotation: 0
    case .stretch, .contrast, .size: 1
    }
  }

  /// Whether there is such a change: variances up to 100, any angle, stretches from 1 to 100, contrasts from 0 to 1, sizes above 0 and up to 1.
  public var isPossible: Bool {
    switch kind {
    case .noise: (0...100).contains(level)
    case .rotation: level.isFinite
    case .stretch: (1...100).contains(level)
    case .contrast: (0...1).contains(level)
    case .size: level > 0 && level <= 1
    }
  }

  /// Whether anything is changed.
  public var isIdentity: Bool { level == Self.identity(kind) }

  /// Whether pixels move.
  public var isGeometric: Bool { [.rotation, .stretch, .size].contains(kind) && !isIdentity }

  /// Images with the change.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized.
  ///   - normalization: how they were normalized.
  ///   - range: what becomes of values below 0 and above 1.
  ///   - keys: where the noise of each image comes from; the same draws at every variance, scaled.
  public func callAsFunction(
    _ images: Tensor, _ normalization: Normalization, range: Range = .clip, keys: [RandomKey]
  ) -> Tensor {
    guard !isIdentity else { return images }
    let (batch, channels) = (images.shape[0], images.shape[1])
    let pixels = images.shape[2] * images.shape[3]
    precondition(
      normalization.mean.count == channels,
      "images of shape \(images.shape) were not normalized with \(normalization.mean.count) means")
    var values = images
    values.forEachImage(channels * pixels) { _, image in
      for place in 0..<channels * pixels {
        image[place] = normalization.pixel(image[place], channel: place / pixels)
      }
    }
    if isGeometric { values = moved(values) }
    precondition(
      kind != .noise || keys.count == batch,
      "\(keys.count) keys for the noise of \(batch) images")
    values.forEachImage(channels * pixels) { index, image in
      change(image, count: channels * pixels, key: kind == .noise ? keys[index] : nil)
      range.apply(image, count: channels * pixels)
      for place in 0..<channels * pixels {
        let channel = place / pixels
        image[place] =
          (image[place] - normalization.mean[channel]) / normalization.standardDeviation[channel]
      }
    }
    return values
  }

  /// Changes the values of one image where they are.
  private func change(_ image: UnsafeMutablePointer<Float>, count: Int, key: RandomKey?) {
    switch kind {
    case .noise:
      let deviation = Float(level.squareRoot())
      key?.forEachNormal(count) { image[$0] += deviation * $1 }
    case .contrast:
      let mean = (0..<count).reduce(0.0) { $0 + Double(image[$1]) } / Double(max(1, count))
      for place in 0..<count {
        image[place] = Float(mean) + Float(level) * (image[place] - Float(mean))
      }
    case .rotation, .stretch, .size: break
    }
  }
}

extension Distortion.Range {
  /// Brings the values of an image into 0...1.
  fileprivate func apply(_ image: UnsafeMutablePointer<Float>, count: Int) {
    var (low, high): (Float, Float) = (0, 1)
    if self == .rescale {
      for place in 0..<count { (low, high) = (min(low, image[place]), max(high, image[place])) }
    }
    let span = high - low
    for place in 0..<count { image[place] = max(0, min(1, (image[place] - low) / span)) }
  }
}

extension Tensor {
  /// Changes the values of each image, in parallel.
  fileprivate mutating func forEachImage(
    _ values: Int, _ body: (Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let batch = shape[0]
    withMutablePointer { target in
      parallelFor(batch) { body($0, target + $0 * values) }
    }
  }
}
