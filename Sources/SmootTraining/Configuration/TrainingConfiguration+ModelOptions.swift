import SmootNN

extension TrainingConfiguration {
  /// How training images are changed.
  static let augmentationOptions: [ConfigurationOption] = [
    .optional(
      "crop-padding", \.cropPadding, "a whole number, 0 or more",
      "black pixels around training images before a random crop (default: 4 for photographs, else 0)"
    ) { $0 >= 0 },
    .optional(
      "flip", \.flip, "true|false",
      "mirror half of the training images (default: true for photographs, else false)"),
    .optional(
      "resized-crop", \.resizedCrop, "a number in (0, 1]",
      "show a random part of at least this share of an image, resized to the whole"
    ) { $0 > 0 && $0 <= 1 },
    .value(
      "color-jitter", \.colorJitter, "a number in [0, 1]",
      "change brightness, contrast and saturation by up to this share"
    ) { (0...1).contains($0) },
    .value(
      "randaugment", \.randAugment, "a whole number, 0 or more",
      "random transforms for each image, from RandAugment's list"
    ) { $0 >= 0 },
    .value(
      "randaugment-magnitude", \.randAugmentMagnitude, "a whole number from 0 to 30",
      "strength of these transforms"
    ) { (0...30).contains($0) },
    .value(
      "erasing", \.erasing, "a number in [0, 1]", "probability of erasing a random rectangle"
    ) { (0...1).contains($0) },
    .value(
      "mixup", \.mixup, "a number, 0 or more",
      "mix pairs of images, with shares from a beta distribution of this parameter; 0 for none"
    ) { $0 >= 0 && $0.isFinite },
    .value(
      "cutmix", \.cutmix, "a number, 0 or more",
      "put rectangles of one image into another, with areas from a beta distribution; 0 for none"
    ) { $0 >= 0 && $0.isFinite },
  ]

  /// What network is trained, and from where.
  static let modelOptions: [ConfigurationOption] = [
    .optional(
      "model", \.model, ModelRegistry.names.joined(separator: "|"),
      "network (default: vit-tiny for photographs, else cnn, the papers' convolutional network)"),
    .optional(
      "dim", \.modelOptions.width, "a whole number above 0", "numbers in a token of a vit"
    ) { $0 > 0 },
    .optional("depth", \.modelOptions.depth, "a whole number above 0", "blocks of a vit") {
      $0 > 0
    },
    .optional("heads", \.modelOptions.heads, "a whole number above 0", "attention heads of a vit") {
      $0 > 0
    },
    .optional(
      "patch-size", \.modelOptions.patchSize, "a whole number above 0",
      "rows and columns of a vit's patches (default: 4 below 48 pixels, 8 below 112, else 16)"
    ) { $0 > 0 },
    .value(
      "distilled", \.modelOptions.isDistilled, "true|false",
      "a vit with a distillation token and a second head, as DeiT's distilled weights need"),
    .value(
      "dropout", \.modelOptions.dropout, "a number in [0, 1)", "dropout in the branches of a vit"
    ) { (0..<1).contains($0) },
    .value(
      "drop-path", \.modelOptions.pathDropout, "a number in [0, 1)",
      "stochastic depth of a vit: probability of leaving out the last branches"
    ) { (0..<1).contains($0) },
    .optionalChoice(
      "stem", \.modelOptions.stem,
      "first layers of a resnet (default: cifar below 112 pixels, else imagenet)"),
    .optionalChoice(
      "head", \.modelOptions.head,
      "among the cells of the last feature map of a cnn or resnet: attention with dropkey or dropout, or nothing (default: linear)"
    ),
    .optional(
      "mask-ratio", \.modelOptions.maskRatio, "a number in [0, 1]",
      "probability with which such a head drops keys or weights in training (default: 0.3)"
    ) { (0...1).contains($0) },
    .optionalChoice(
      "readout", \.modelOptions.readout,
      "what the linear layers see of the cells: their mean, or all (default: flatten for cnn, mean for resnet)"
    ),
    .optional(
      "head-cells", \.modelOptions.headCells, "a whole number above 0",
      "rows and columns of cells that the feature map is averaged to (default: as many as it has)"
    ) { $0 > 0 },
    .optional(
      "model-resize", \.modelOptions.resize, "a whole number above 0",
      "height and width to which the network resizes its images; masks stay on the images as they are"
    ) { $0 > 0 },
    .choice("interpolation", \.modelOptions.interpolation, "how --model-resize finds values"),
    .optional(
      "init", \.initial, "a .safetensors file",
      "begin from these weights: smoot's, or timm's or torchvision's of the same network"),
    .optional(
      "freeze", \.freeze, "patterns such as blocks.*,patch_embed.*",
      "parameters that stay as they are; * and ? stand for anything"),
  ]
}
