/// Settings that belong together.
public enum Preset: String, Sendable, CaseIterable {
  /// What the SMOOT paper used for the data set: Adadelta, 100 epochs, batches of 256, masks between 20 and 80 %; lr 1 for MNIST and Fashion-MNIST; for photographs, in the paper CIFAR, 0.001 and DeiT-Tiny, whose weights `--init` brings.
  case paper
  /// A few minutes on a laptop.
  case quick

  /// The settings, by the names of options.
  public func settings(dataset: String) -> [String: String] {
    switch self {
    case .paper:
      // The papers' second network is a pre-trained DeiT-Tiny, which takes images of 224 pixels.
      let hasPhotographs = TrainingConfiguration.holdsPhotographs(dataset)
      return (hasPhotographs ? ["model": "vit-tiny", "model-resize": "224"] : [:]).merging([
        "epochs": "100", "batch-size": "256", "optimizer": "adadelta",
        "lr": hasPhotographs ? "0.001" : "1.0", "schedule": "constant",
        "alpha": hasPhotographs ? "0.8" : "0.95", "topn": "5", "speed": "10.0",
        "k-unit": "pixel", "k-min": "0.2", "k-max": "0.8", "k-initial": "0.5",
        "mask-fraction": "0.5", "kl-weight": "1.0", "crop-padding": "0", "flip": "false",
        "weight-decay": "0", "warmup-epochs": "0",
      ]) { first, _ in first }
    case .quick: return ["epochs": "3", "limit-train": "20000"]
    }
  }
}
