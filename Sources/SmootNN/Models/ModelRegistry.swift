public import SmootTensor

/// Makes networks by their names in commands and checkpoints.
public enum ModelRegistry {
  /// The names of all networks.
  public static let names = ["cnn"]

  /// A new network with initial values, or `nil` when there is none of this name.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - inputSize: the images' extents.
  ///   - classCount: how many classes to tell apart.
  ///   - random: where the initial values come from.
  public static func make(
    _ name: String, inputSize: ImageSize, classCount: Int, random: RandomKey
  ) -> (any Classifier)? {
    switch name {
    case "cnn": PaperCNN(inputSize: inputSize, classCount: classCount, random: random)
    default: nil
    }
  }
}
