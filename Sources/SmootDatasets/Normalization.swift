/// How pixel values become network inputs: (value / 255 - mean) / standardDeviation, for each channel.
public struct Normalization: Sendable, Hashable, Codable {
  /// The mean of each channel, on a scale from 0 to 1.
  public let mean: [Float]
  /// The standard deviation of each channel, on the same scale.
  public let standardDeviation: [Float]

  enum CodingKeys: String, CodingKey {
    case mean
    case standardDeviation = "std"
  }

  /// Makes a normalization.
  public init(mean: [Float], standardDeviation: [Float]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// That of ImageNet's pictures, which pretrained networks expect; for grey pictures the mean over the channels.
  public static func imageNet(channels: Int) -> Normalization {
    channels == 3
      ? Normalization(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])
      : Normalization(
        mean: Array(repeating: 0.449, count: channels),
        standardDeviation: Array(repeating: 0.226, count: channels))
  }

  /// The network input of each of the 256 pixel values, for each channel: [channels, 256].
  var table: [Float] {
    zip(mean, standardDeviation).flatMap { mean, deviation in
      (0..<256).map { (Float($0) / 255 - mean) / deviation }
    }
  }

  /// The pixel value, from 0 to 1, of a network input.
  public func pixel(_ value: Float, channel: Int) -> Float {
    value * standardDeviation[channel] + mean[channel]
  }
}
