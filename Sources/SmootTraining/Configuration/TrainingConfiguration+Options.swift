import SmootNN

extension TrainingConfiguration {
  /// The option of a name.
  public static func option(named name: String) -> ConfigurationOption? {
    options.first { $0.name == name }
  }

  /// All settings of a run, in the order of the data's way.
  public static let options: [ConfigurationOption] =
    dataOptions + augmentationOptions + modelOptions + methodOptions + optimizationOptions
    + maskingOptions + adaptiveOptions + courseOptions

  static let dataOptions: [ConfigurationOption] = [
    .dataset,
    .optional(
      "data", \.data, "a folder", "folder of the data set (default: SMOOT_DATA, ./Data, ...)"),
    .value(
      "validation", \.validation, "a whole number, 0 or more",
      "training images held out for validation"
    ) { $0 >= 0 },
    .optional(
      "limit-train", \.limitTrain, "a whole number above 0", "use the first N training images only"
    ) { $0 > 0 },
    .optional(
      "limit-test", \.limitTest, "a whole number above 0", "use the first N test images only"
    ) { $0 > 0 },
    .value(
      "permute-labels", \.permuteLabels, "true|false",
      "train on labels permuted at random, for the label-randomization check"),
    .value("drop-last", \.dropLast, "true|false", "leave out the last, smaller batch of an epoch"),
    .optional(
      "image-size", \.imageSize, "a whole number from 6 to 1024",
      "rows and columns that pictures of a folder are scaled and cut to (default: 64)"
    ) { (6...1024).contains($0) },
    .value(
      "val-split", \.valSplit, "a number in (0, 1)",
      "share of each class held out as test images, where a folder of pictures has no part for it"
    ) { $0 > 0 && $0 < 1 },
    .choice(
      "cache", \.cache,
      "where decoded pictures of a folder are kept (auto: memory up to 2 GiB, else disk)"),
    .choice("bad-images", \.badImages, "what to do when pictures of a folder cannot be used"),
  ]

  static let methodOptions: [ConfigurationOption] = [
    .choice("method", \.method, "training: traditional, sgt (fixed mask size) or smoot (adaptive)"),
    .value(
      "epochs", \.epochs, "a whole number, 0 or more",
      "how often to go through the data; 0 saves the weights of --init as they are"
    ) { $0 >= 0 },
    .value("batch-size", \.batchSize, "a whole number above 0", "images in a step") { $0 > 0 },
    .optional(
      "micro-batch", \.microBatch, "a whole number above 0",
      "images that a step takes at a time, to save memory (default: 16 for transformers, else all)"
    ) { $0 > 0 },
    .value("seed", \.seed, "a whole number, 0 or more", "where all random numbers come from"),
  ]

  static let optimizationOptions: [ConfigurationOption] = [
    .optionalChoice(
      "optimizer", \.optimizer,
      "what moves the weights (default: adadelta for cnn, adamw for vit, sgd for resnet)"),
    .optional(
      "lr", \.learningRate, "a number above 0",
      "learning rate (default: 1 for adadelta, 0.001 for adamw, 0.01 for sgd, 0.1 for sgd with resnet)"
    ) { $0 > 0 && $0.isFinite },
    .value("momentum", \.momentum, "a number in [0, 1)", "momentum of sgd") {
      (0..<1).contains($0)
    },
    .value("nesterov", \.nesterov, "true|false", "Nesterov's form of momentum"),
    .optional(
      "weight-decay", \.weightDecay, "a number, 0 or more",
      "weight decay (default: 0.05 for vit with adamw, 0.0005 for resnet with sgd, else 0)"
    ) { $0 >= 0 && $0.isFinite },
    .value(
      "layer-decay", \.layerDecay, "a number in (0, 1]",
      "factor of the learning rate from each layer to the one before it"
    ) { $0 > 0 && $0 <= 1 },
    .optionalChoice(
      "schedule", \.schedule,
      "how the learning rate falls (default: constant for cnn, else cosine)"),
    .value("gamma", \.gamma, "a number in (0, 1]", "factor of the step schedule") {
      $0 > 0 && $0 <= 1
    },
    .value(
      "step-size", \.stepSize, "a whole number above 0", "epochs between steps of the step schedule"
    ) { $0 > 0 },
    .optional(
      "warmup-epochs", \.warmupEpochs, "a whole number, 0 or more",
      "epochs over which the rate rises first (default: up to 5 for vit, else 0)"
    ) { $0 >= 0 },
    .value("min-lr", \.minimumLearningRate, "a number, 0 or more", "where the cosine ends") {
      $0 >= 0 && $0.isFinite
    },
    .optional("clip-grad", \.clipGrad, "a number above 0", "largest norm of the gradients") {
      $0 > 0 && $0.isFinite
    },
    .optional(
      "ema", \.averageDecay, "a number in (0, 1)",
      "decay of the moving average of the weights, which is then evaluated"
    ) { $0 > 0 && $0 < 1 },
    .value(
      "label-smoothing", \.labelSmoothing, "a number in [0, 1)",
      "share of each label spread over all classes"
    ) { (0..<1).contains($0) },
    .choice(
      "precision", \.precision,
      "numbers that are multiplied in training: 32 bits, or bfloat16 with sums in 32 bits"),
    .optionalChoice(
      "convolution", \.convolution,
      "sums of convolutions: direct, or by Winograd's method where it serves (default: winograd for networks with convolutions)"
    ),
  ]

  /// The choices that the papers leave open about saliency, mask and divergence.
  public static let maskingOptions: [ConfigurationOption] = [
    .value(
      "mask-fraction", \.maskFraction, "a number in [0, 1]", "share of elements that sgt masks"
    ) { (0...1).contains($0) },
    .choice("rank", \.rank, "mask the lowest signed gradients, or those of least magnitude"),
    .choice("score", \.score, "what is differentiated for the saliency"),
    .choice("target", \.target, "the class that the saliency explains"),
    .choice("reduce", \.reduce, "how the gradient's channels become one"),
    .choice("mask-unit", \.maskUnit, "mask whole pixels or single channel values"),
    .choice("grad-mode", \.gradMode, "mode of the network while saliency is computed"),
    .choice("fill", \.fill, "what masked elements become"),
    .choice("fill-range", \.fillRange, "whose values the fill is drawn from, for each channel"),
    .value(
      "fill-constant", \.fillConstant, "a number",
      "the constant of --fill constant, in normalized units"
    ) { $0.isFinite },
    .value(
      "kl-weight", \.divergenceWeight, "a number, 0 or more", "weight of the divergence in the loss"
    ) { $0 >= 0 && $0.isFinite },
    .choice("kl", \.divergence, "divergence between clean and masked prediction"),
    .choice("kl-detach", \.detached, "branch of the divergence that gets no gradient"),
    .value("concat", \.concatenates, "true|false", "clean and masked images in one batch"),
  ]

  /// The choices about how mask sizes adapt.
  public static let adaptiveOptions: [ConfigurationOption] = [
    .choice("top1", \.top1, "first class in the update of k"),
    .choice("topn-order", \.topnOrder, "which classes follow it"),
    .optional(
      "topn", \.topn, "a whole number above 0",
      "classes that count in the update of k (default: 5, or all where there are fewer)"
    ) { $0 > 0 },
    .choice(
      "delta-mode", \.deltaMode,
      "passes that k is updated from: those of the loss, or two more without dropout"),
    .choice("k-unit", \.kUnit, "unit of --speed"),
    .value(
      "speed", \.speed, "a number, 0 or more", "how far k moves for a change of 1 in probability"
    ) { $0 >= 0 && $0.isFinite },
    .optional(
      "alpha", \.alpha, "a number in [0, 1]",
      "weight of the first class (default: 0.80 for photographs, else 0.95)"
    ) { (0...1).contains($0) },
    .value("k-min", \.kMin, "a number in [0, 1]", "least share of masked elements") {
      (0...1).contains($0)
    },
    .value("k-max", \.kMax, "a number in [0, 1]", "greatest share of masked elements") {
      (0...1).contains($0)
    },
    .value("k-initial", \.kInitial, "a number in [0, 1]", "share of masked elements at first") {
      (0...1).contains($0)
    },
    .choice("k-key", \.kKey, "what an image's k belongs to, whatever order and crop it comes in"),
    .choice("k-report", \.kReport, "which epochs the k in summary.json is of"),
  ]

  static let courseOptions: [ConfigurationOption] = [
    .choice("select", \.select, "which weights best.safetensors names"),
    .optional(
      "patience", \.patience, "a whole number above 0",
      "stop after N epochs without a better accuracy"
    ) { $0 > 0 },
    ConfigurationOption(
      name: "max-time", help: "stop, resumable, after this time: 90s, 10m, 2h",
      values: "a time such as 90s, 10m, 2h, or nothing",
      text: { $0.maxTime.map { "\($0.components.seconds)s" } ?? "" },
      assign: { configuration, text in
        if text.isEmpty {
          configuration.maxTime = nil
          return true
        }
        let scale = ["s": 1.0, "m": 60, "h": 3600][text.suffix(1)]
        guard let scale, let number = Double(text.dropLast()), number > 0, number < 1e9 else {
          return false
        }
        configuration.maxTime = .seconds((number * scale).rounded(.up))
        return true
      }),
    ConfigurationOption(
      name: "save-every", help: "when to save: 1e (epochs), 500s (steps), 10m (minutes)",
      values: "a count with e, s or m", text: { $0.saveEvery.description },
      assign: { configuration, text in
        guard let interval = SaveInterval(text) else { return false }
        configuration.saveEvery = interval
        return true
      }),
    .optional(
      "log-interval", \.logInterval, "a whole number above 0",
      "write the loss and the accuracy of every N-th step to steps.jsonl"
    ) { $0 > 0 },
    .value("keep", \.keep, "a whole number, 2 or more", "how many checkpoints to keep") { $0 >= 2 },
    .choice("on-nan", \.onNaN, "what to do when the loss is not a finite number"),
  ]
}
