import SmootTensor

extension KnownDataset {
  /// All data sets that smoot knows.
  public static let all: [KnownDataset] = [
    mnist, fashionMNIST, cifar10, cifar100, cifar100Coarse,
  ]

  /// The data set of a name.
  ///
  /// - Throws: ``DatasetError/unknown(name:known:)``.
  public static func named(_ name: String) throws(DatasetError) -> KnownDataset {
    guard let found = all.first(where: { $0.name == name }) else {
      throw .unknown(name: name, known: all.map(\.name))
    }
    return found
  }

  private static func idxFiles(_ digests: [String]) -> [File] {
    zip(
      [
        ("train-images-idx3-ubyte.gz", 30_000_000), ("train-labels-idx1-ubyte.gz", 100_000),
        ("t10k-images-idx3-ubyte.gz", 5_000_000), ("t10k-labels-idx1-ubyte.gz", 20_000),
      ], digests
    ).map { File(name: $0.0, limit: $0.1, digest: .contentSHA256($1)) }
  }

  private static let mnist = KnownDataset(
    name: "mnist", summary: "handwritten digits",
    size: ImageSize(channels: 1, height: 28, width: 28), classNames: (0..<10).map(String.init),
    normalization: Normalization(mean: [0.1307], standardDeviation: [0.3081]),
    counts: (60_000, 10_000), layout: .idx,
    files: idxFiles([
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ]),
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist",
      "https://storage.googleapis.com/cvdf-datasets/mnist",
    ],
    advice: "or put its four .gz files into the folder by hand")

  private static let fashionMNIST = KnownDataset(
    name: "fashion-mnist", summary: "pictures of clothes",
    size: ImageSize(channels: 1, height: 28, width: 28),
    classNames: [
      "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
      "ankle boot",
    ],
    normalization: Normalization(mean: [0.2860], standardDeviation: [0.3530]),
    counts: (60_000, 10_000), layout: .idx,
    files: idxFiles([
      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ]),
    mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"],
    advice: "on Debian: apt-get install dataset-fashion-mnist")

  private static let cifar10 = KnownDataset(
    name: "cifar10", summary: "small colour pictures of ten kinds",
    size: ImageSize(channels: 3, height: 32, width: 32),
    classNames: [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ],
    normalization: Normalization(
      mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2470, 0.2435, 0.2616]),
    counts: (50_000, 10_000),
    layout: .records(
      folder: "cifar-10-batches-bin", labelBytes: 1, label: 0,
      training: (1...5).map { "data_batch_\($0).bin" }, test: ["test_batch.bin"]),
    files: [
      File(
        name: "cifar-10-binary.tar.gz", limit: 170_052_171,
        digest: .fileSHA256("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"))
    ],
    mirrors: ["https://www.cs.toronto.edu/~kriz"],
    advice: "or put cifar-10-binary.tar.gz, or its .bin files, into the folder by hand")

  private static let cifar100 = cifar100(label: 1, name: "cifar100", classNames: cifar100Fine)
  private static let cifar100Coarse = cifar100(
    label: 0, name: "cifar100-coarse", classNames: cifar100CoarseNames)

  private static func cifar100(label: Int, name: String, classNames: [String]) -> KnownDataset {
    KnownDataset(
      name: name,
      summary: "small colour pictures of \(classNames.count) kinds",
      size: ImageSize(channels: 3, height: 32, width: 32), classNames: classNames,
      normalization: Normalization(
        mean: [0.5071, 0.4865, 0.4409], standardDeviation: [0.2673, 0.2564, 0.2762]),
      counts: (50_000, 10_000),
      layout: .records(
        folder: "cifar-100-binary", labelBytes: 2, label: label, training: ["train.bin"],
        test: ["test.bin"]),
      files: [
        File(
          name: "cifar-100-binary.tar.gz", limit: 168_513_733,
          digest: .fileSHA256("58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"))
      ],
      mirrors: ["https://www.cs.toronto.edu/~kriz"],
      advice: "or put cifar-100-binary.tar.gz, or its .bin files, into the folder by hand")
  }

  private static let cifar100CoarseNames = words(
    """
    aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices
    household_furniture insects large_carnivores large_man-made_outdoor_things
    large_natural_outdoor_scenes large_omnivores_and_herbivores medium_mammals
    non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2
    """)

  private static let cifar100Fine = words(
    """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
    butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab
    crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
    lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom
    oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
    possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake
    spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
    train trout tulip turtle wardrobe whale willow_tree wolf woman worm
    """)

  private static func words(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
