import Foundation
import Smoot

/// A model from a run or from a file.
struct LoadedModel {
  /// What was asked for.
  let path: String
  /// A short name for tables: the run's folder or the file.
  let name: String
  let model: any Classifier
  let description: ModelDescription
  /// How its convolutions sum their products.
  let convolution: ConvolutionAlgorithm
  /// How it was trained, if the checkpoint says.
  let training: TrainingConfiguration?
  /// Whether these are the moving average of the weights.
  let isAverage: Bool
  /// The folder of its data set, if the run had one.
  var data: String? { training?.data }

  /// Loads the weights of a run, or those of a file.
  ///
  /// - Parameters:
  ///   - path: the run's folder, or the file.
  ///   - weights: which checkpoint of a run.
  ///   - saved: which weights of the checkpoint.
  ///   - convolution: how convolutions sum their products; as in training when left out.
  init(
    _ path: String, weights: NetworkFlags.WeightsChoice, saved: SavedWeights = .auto,
    convolution: ConvolutionAlgorithm? = nil
  ) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandError("\(path): there is no such run or file", exitCode: 66)
    }
    self.path = path
    let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
    name = (trimmed as NSString).lastPathComponent
    let (file, from) =
      try isFolder.boolValue
      ? Self.file(ofRun: trimmed, weights) : (TensorFile(contentsOf: path), path)
    description = try ModelDescription(file, path: from)
    training = try? TrainingConfiguration(file, path: from)
    self.convolution = convolution ?? training?.resolvedConvolution ?? .direct
    model = try description.load(file, path: from, weights: saved).convolving(by: self.convolution)
    // A file that was exported holds nothing but the weights chosen then.
    isAverage =
      saved != .plain && file.hasAverage
      || file.metadata[ExportDescription.weightsKey] == SavedWeights.ema.rawValue
  }

  /// Checks that the model can take the images of a data set and knows their classes.
  func check(takes dataset: ImageDataset) throws(CommandError) {
    try check(takes: dataset.size, of: dataset.name)
    if let last = dataset.labels.max(), Int(last) >= description.classNames.count {
      throw CommandError(
        "\(path): knows \(description.classNames.count) classes, but \(dataset.name) has label \(last)",
        exitCode: 65)
    }
  }

  /// Checks that the model can take images of a size.
  func check(takes size: ImageSize, of name: String) throws(CommandError) {
    guard size == description.inputSize else {
      throw CommandError(
        "\(path): takes images of \(description.inputSize), but \(name) has \(size)", exitCode: 65)
    }
  }

  /// Checks that the classes of a folder are those that the model was trained on.
  func check(knows folder: ImageFolder) throws(CommandError) {
    let (known, found) = (description.classNames, folder.classNames)
    guard known != found else { return }
    let place = zip(known, found).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let difference =
      place.map { "class \($0) is \(found[$0].printable) instead of \(known[$0].printable)" }
      ?? "it has \(found.count) classes instead of \(known.count)"
    throw CommandError(
      "\(folder.path.printable): has other classes than \(path) was trained on: \(difference)",
      exitCode: 65)
  }

  /// What reads pictures as the model takes them.
  func pictureReader() throws(CommandError) -> PictureReader {
    let size = description.inputSize
    guard size.channels == 1 || size.channels == 3 else {
      throw CommandError(
        "\(path): takes images of \(size.channels) channels, which no picture has", exitCode: 65)
    }
    return PictureReader(size: size, normalization: description.normalization)
  }

  /// The chosen weights of a run; when they are damaged, the newest sound ones, with a warning.
  private static func file(
    ofRun path: String, _ weights: NetworkFlags.WeightsChoice
  ) throws -> (TensorFile, String) {
    let directory = try RunDirectory.existing(path)
    let chosen = "\(directory.checkpoints)/\(weights.rawValue).safetensors"
    do throws(CheckpointError) {
      return (try TensorFile(contentsOf: chosen, requiresDigest: true), chosen)
    } catch {
      let (file, other, _) = try CheckpointStore.newest(in: directory.checkpoints)
      Console.warning("\(error); using \(other) instead")
      return (file, other)
    }
  }
}
