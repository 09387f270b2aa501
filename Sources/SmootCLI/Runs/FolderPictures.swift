import Smoot

/// A person's own pictures for a command: lists the folder, decodes the pictures and says so.
struct FolderPictures {
  let folder: ImageFolder
  private let options: ImageFolder.Options
  private let common: CommonFlags

  /// Whether pictures that cannot be used are left out; otherwise they are an error.
  var skipsBadPictures: Bool { options.skipsBadPictures }

  /// Lists a folder.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - settings: how much is held out, by what seed, and what happens to bad pictures.
  ///   - size: the extents that every picture is brought to.
  ///   - normalization: how pixel values become inputs; ImageNet's when left out.
  ///   - common: how progress is shown.
  init(
    path: String, settings: TrainingConfiguration, size: ImageSize,
    normalization: Normalization? = nil, common: CommonFlags
  ) throws {
    folder = try ImageFolder(path: path, testShare: settings.valSplit, seed: settings.seed)
    var options = ImageFolder.Options(size: size, normalization: normalization)
    options.cache = settings.cache
    options.skipsBadPictures = settings.badImages == .skip
    self.options = options
    self.common = common
  }

  /// Decodes a part.
  ///
  /// - Parameters:
  ///   - split: which part.
  ///   - known: the pictures that are left out in any case; no other may be bad then.
  func load(
    _ split: KnownDataset.Split, leavingOut known: BadPictureList? = nil
  ) throws -> ImageFolder.Loaded {
    var options = options
    options.excluded = known.map { Set($0.pictures(split).map(\.index)) }
    let list = split == .train ? folder.training : folder.test
    let origin = split == .train ? "" : " (\(folder.testOrigin))"
    common.note(
      "reading \(NumberFormat.grouped(list.entries.count)) \(split.rawValue) pictures\(origin) of \(folder.path.printable): \(NumberFormat.grouped(folder.classNames.count)) classes, \(options.size.height)x\(options.size.width)"
    )
    var line = ProgressLine(common.style)
    let begin = ContinuousClock.now
    let loaded: ImageFolder.Loaded
    do {
      loaded = try folder.load(split, options: options) { done, total in
        // What is done at once needs no line.
        guard done < total, ContinuousClock.now - begin > .seconds(1) else { return }
        line.show("reading pictures", done: done, total: total, [])
      }
    } catch {
      line.clear()
      throw error
    }
    line.clear()
    if !loaded.bad.isEmpty {
      Console.warning(
        "\(loaded.bad.count) \(split.rawValue) pictures that cannot be used are left out (`smoot data check \(folder.path.printable)` names them)"
      )
    }
    return loaded
  }
}
