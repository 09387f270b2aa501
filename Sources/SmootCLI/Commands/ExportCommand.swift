public import ArgumentParser
import Foundation
public import Smoot

/// `smoot export`: a model for other tools.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a model for PyTorch, onnxruntime or NumPy.",
    discussion: """
      safetensors  weights under PyTorch's names, and mean, std, input_size and label_names in the metadata
      onnx         the computation too: input `images` [batch, channels, height, width], normalized; output `logits`
      npz          weights alone

      Examples:
        smoot export Checkpoints/cifar10-smoot --format onnx
        smoot export Checkpoints/cifar10-smoot --format safetensors --checkpoint best --output model.safetensors
        smoot export model.safetensors --format npz --weights plain --json
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String

  @Option(help: "The kind of file: safetensors, onnx or npz.") var format: ExportFormat

  @Option(
    name: [.short, .long],
    help: "The file (default: the run's name with the format's ending, in the working folder).")
  var output: String?

  @Option(help: "Which weights: auto (the moving average if there is one), plain or ema.")
  var weights = SavedWeights.auto

  @Option(help: "Which checkpoint of a run: last or best.")
  var checkpoint = NetworkFlags.WeightsChoice.last

  @Flag(help: "Replace the file if it exists.") var force = false

  @Flag(name: .long, help: "Print one JSON object on standard output.") var json = false

  struct Result: Encodable {
    let model: String
    let format: String
    let path: String
    let bytes: Int
    let sha256: String
    let tensors: Int
    let weights: String
  }

  func run() throws {
    let loaded = try LoadedModel(
      model, weights: checkpoint, saved: weights, convolution: .direct)
    let path = output ?? defaultName
    try check(path)
    let description = ExportDescription(loaded)
    let file = try ModelExport.write(
      loaded.model, description, as: format, to: path,
      texts: [ModelDescription.key: loaded.description.text])
    let result = Result(
      model: loaded.path, format: format.rawValue, path: file.path, bytes: file.bytes,
      sha256: file.sha256, tensors: file.tensors, weights: description.weights)
    if json { return Console.json(result) }
    Console.result(
      "\(file.path): \(description.model) as \(format.rawValue)  \(file.tensors) tensors  \(file.bytes) bytes  weights \(description.weights)  sha256 \(file.sha256)"
    )
  }

  /// The name of the run or of the checkpoint, with the format's ending.
  private var defaultName: String {
    let place = URL(filePath: model).standardizedFileURL
    let name =
      place.pathExtension == "safetensors"
      ? place.deletingPathExtension().lastPathComponent : place.lastPathComponent
    return "\(name).\(format.rawValue)"
  }

  /// Checks that the file may be written, and is not the checkpoint itself.
  private func check(_ path: String) throws(CommandError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    func real(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }
    if real(path) == real(model) {
      throw CommandError(
        "\(path): is the model itself; choose another file with --output", exitCode: 73)
    }
    guard force else {
      throw CommandError(
        "\(path): exists already; choose another file with --output, or say --force", exitCode: 73)
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
extension SavedWeights: ExpressibleByArgument {}

extension ExportDescription {
  /// What the file of a loaded model says about it.
  init(_ loaded: LoadedModel) {
    let description = loaded.description
    self.init(
      model: description.model, inputSize: description.inputSize,
      classNames: description.classNames, mean: description.normalization.mean,
      standardDeviation: description.normalization.standardDeviation,
      dataset: description.dataset,
      weights: (loaded.isAverage ? SavedWeights.ema : .plain).rawValue,
      version: SmootCommand.version)
  }
}
