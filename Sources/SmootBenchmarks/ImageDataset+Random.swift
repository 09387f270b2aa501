public import Smoot

extension ImageDataset {
  /// Random images of ten classes, the same ones each time.
  public static func random(size: ImageSize, count: Int) -> ImageDataset {
    let key = RandomKey(seed: 1)
    let values = size.channels * size.pixels
    let channels = size.channels
    return ImageDataset(
      name: "random images of \(channels)x\(size.height)x\(size.width)", split: "train",
      size: size, classNames: (0..<10).map(String.init),
      normalization: Normalization(
        mean: Array(repeating: 0.5, count: channels),
        standardDeviation: Array(repeating: 0.25, count: channels)),
      pixels: (0..<count * values).map { UInt8(truncatingIfNeeded: key.value(at: UInt64($0))) },
      labels: (0..<count).map { $0 % 10 })
  }
}
