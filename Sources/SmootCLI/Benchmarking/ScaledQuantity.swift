import ArgumentParser
import Smoot

/// What changes from one measurement of `smoot bench scaling` to the next.
enum ScaledQuantity: String, CaseIterable, ExpressibleByArgument {
  /// Images in a step.
  case batchSize = "batch-size"
  /// Rows and columns of the images.
  case imageSide = "image-side"
  /// Numbers of a token.
  case dim
  /// Blocks of a transformer.
  case depth
  /// Threads for the same work: strong scaling.
  case threads
  /// Threads, each with a whole batch of its own: weak scaling.
  case threadsAndBatch = "threads-and-batch"

  /// What is measured unless others are asked for.
  var usualValues: [Int] {
    switch self {
    case .batchSize: [16, 32, 64, 128, 256, 512, 1024]
    case .imageSide: [28, 32, 48, 64, 96, 128, 160, 224]
    case .dim: [48, 96, 192, 384, 768]
    case .depth: [1, 2, 4, 8, 12, 16]
    case .threads, .threadsAndBatch: Array(1...Parallelism.available)
    }
  }

  /// Name and unit on an axis.
  var label: String {
    switch self {
    case .batchSize: "images in a step"
    case .imageSide: "rows and columns of an image"
    case .dim: "numbers of a token (--dim)"
    case .depth: "blocks (--depth)"
    case .threads: "threads, one batch"
    case .threadsAndBatch: "threads, a batch for each"
    }
  }

  /// The flags of `smoot bench step` for a value.
  ///
  /// - Parameters:
  ///   - value: what the quantity is.
  ///   - channels: of random images.
  ///   - batchSize: the usual one.
  func arguments(_ value: Int, channels: Int, batchSize: Int) -> [String] {
    switch self {
    case .batchSize: ["--batch-size", "\(value)"]
    case .imageSide:
      ["--images", "\(channels)x\(value)x\(value)", "--batch-size", "\(batchSize)"]
    case .dim, .depth: ["--set", "\(rawValue)=\(value)", "--batch-size", "\(batchSize)"]
    case .threads: ["--threads", "\(value)", "--batch-size", "\(batchSize)"]
    case .threadsAndBatch: ["--threads", "\(value)", "--batch-size", "\(value * batchSize)"]
    }
  }
}
