import Smoot

/// Images of a training part, drawn at random, that methods such as gradient-shap compare with.
struct ReferenceImages: Encodable, CustomStringConvertible {
  /// Their data set.
  let dataset: String
  /// Their part of it.
  let split: String
  /// Their places in it, in the order in which they were drawn.
  let indices: [Int]
  /// What decided which.
  let seed: UInt64
  /// [count, channels, height, width], normalized.
  let images: FrozenTensor

  /// How many there are unless told otherwise; fewer where the part has fewer.
  static let usualCount = 32

  enum CodingKeys: String, CodingKey {
    case dataset, split, indices, seed
  }

  /// Draws images of the training part of the data set that flags or the model name.
  ///
  /// - Parameters:
  ///   - count: how many; ``usualCount`` when `nil`.
  ///   - seed: decides which.
  ///   - model: names the data set, and says how pictures become its inputs.
  ///   - flags: name another data set, or its folder.
  ///   - methods: the names of the methods that need them, for errors.
  ///   - common: how progress is shown.
  init(
    _ count: Int?, seed: UInt64, of model: LoadedModel, _ flags: ImageFlags, _ methods: String,
    _ common: CommonFlags
  ) throws {
    do {
      if let folder = flags.folder(for: model) {
        let pictures = try flags.pictures(of: folder, for: model, common)
        try self.init(count, seed: seed, of: pictures, try model.pictureReader())
      } else {
        try self.init(count, seed: seed, of: flags.known(.train, for: model))
      }
    } catch let error as DatasetError {
      // A data set that nobody knows is missing where it was not asked for.
      let code = flags.dataset == nil && error.exitCode == 64 ? 66 : error.exitCode
      throw CommandError(
        "\(methods): the training images to compare with cannot be had: \(error); --data names the folder of the data set, --dataset another one",
        exitCode: code)
    }
  }

  /// Draws images of a data set in memory.
  init(_ count: Int?, seed: UInt64, of dataset: ImageDataset) throws {
    let order = try Self.order(count, of: dataset.count, seed, dataset.name)
    let places = Array(order.prefix(count ?? Self.usualCount))
    let batch = dataset.batch(places)
    try dataset.checkReadable()
    (self.dataset, split, self.seed) = (dataset.name, dataset.split, seed)
    indices = batch.indices
    images = FrozenTensor(batch.images)
  }

  /// Draws pictures of a folder and decodes no others.
  private init(
    _ count: Int?, seed: UInt64, of pictures: FolderPictures, _ reader: PictureReader
  ) throws {
    let list = pictures.folder.training
    let order = try Self.order(count, of: list.entries.count, seed, pictures.folder.name)
    let wanted = min(count ?? Self.usualCount, order.count)
    var (chosen, tensors, next) = ([Int](), [Tensor](), 0)
    while chosen.count < wanted, next < order.count {
      let places = Array(order[next..<min(order.count, next + wanted - chosen.count)])
      next += places.count
      let read = reader.read(places.map { "\(list.folder)/\(list.entries[$0].path)" })
      guard read.bad.isEmpty || pictures.skipsBadPictures else {
        throw DatasetError.badFiles(read.bad)
      }
      chosen += read.places.map { places[$0] }
      if !read.places.isEmpty { tensors.append(read.images) }
    }
    guard !tensors.isEmpty else {
      throw DatasetError.badFolder(
        path: pictures.folder.path, reason: "no training picture can be used")
    }
    (dataset, split, self.seed) = (pictures.folder.name, "train", seed)
    indices = chosen
    images = FrozenTensor(.concatenated(tensors, axis: 0))
  }

  private static func order(
    _ count: Int?, of total: Int, _ seed: UInt64, _ name: String
  ) throws(CommandError) -> [Int] {
    if let count, count > total {
      throw CommandError(
        "--references: \(count) is above the \(total) training images of \(name)", exitCode: 64)
    }
    return BatchOrder.shuffled(total, RandomKey(seed: seed).derived("references"))
  }

  var description: String {
    "\(indices.count) images of \(dataset) \(split), drawn by seed \(seed)"
  }
}
