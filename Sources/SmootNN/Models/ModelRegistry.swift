public import SmootTensor

/// Makes networks by their names in commands and checkpoints.
public enum ModelRegistry {
  /// The names of all networks.
  public static let names = ["cnn", "vit-tiny", "vit-micro", "resnet18", "resnet50"]

  /// A new network with initial values, or `nil` when there is none of this name, or none for such images.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - inputSize: the images' extents.
  ///   - classCount: how many classes to tell apart.
  ///   - random: where the initial values come from.
  public static func make(
    _ name: String, inputSize: ImageSize, classCount: Int, random: RandomKey
  ) -> (any Classifier)? {
    guard accepts(name, inputSize) else { return nil }
    return switch name {
    case "cnn": PaperCNN(inputSize: inputSize, classCount: classCount, random: random)
    case "vit-tiny":
      VisionTransformer(
        inputSize: inputSize, classCount: classCount,
        extents: .init(width: 192, depth: 12, heads: 3, patchSize: inputSize.patchSize),
        random: random)
    case "vit-micro":
      VisionTransformer(
        inputSize: inputSize, classCount: classCount,
        extents: .init(width: 128, depth: 6, heads: 4, patchSize: inputSize.patchSize),
        random: random)
    case "resnet18":
      ResNet(.resnet18, inputSize: inputSize, classCount: classCount, random: random)
    case "resnet50":
      ResNet(.resnet50, inputSize: inputSize, classCount: classCount, random: random)
    default: nil
    }
  }

  /// Whether a network can take images of a size; what a file asks for must not exhaust the memory.
  package static func accepts(_ name: String, _ size: ImageSize) -> Bool {
    let largest = name == "cnn" ? 128 : 1024
    guard (1...16).contains(size.channels), (6...largest).contains(size.height),
      (6...largest).contains(size.width)
    else { return false }
    let patch = size.patchSize
    return !name.hasPrefix("vit") || size.height % patch == 0 && size.width % patch == 0
  }
}

extension ImageSize {
  /// The usual rows and columns of a patch: 4 for small images, 16 for large ones.
  fileprivate var patchSize: Int { min(height, width) < 112 ? 4 : 16 }
}
