import Crypto
import Foundation
import SmootAutodiff
import SmootCheckpoints
public import SmootNN
import SmootTensor

/// Writes networks for other tools.
public enum ModelExport {
  /// Writes a network as it is now: parameters and buffers under PyTorch's names, in PyTorch's order.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - description: what the file says about it; npz has no place for that.
  ///   - format: the kind of file.
  ///   - path: where it goes; the folder exists, and a file there is replaced.
  ///   - texts: more texts for the metadata of a safetensors file.
  /// - Throws: ``ExportError`` or `CheckpointError`; nothing is left behind then.
  public static func write(
    _ model: any Classifier, _ description: ExportDescription, as format: ExportFormat,
    to path: String, texts: [String: String] = [:]
  ) throws -> ExportedFile {
    let tensors: Int
    switch format {
    case .safetensors:
      var file = TensorFile()
      file.entries = entries(of: model)
      file.metadata = texts.merging(tensorTexts(of: model, description)) { $1 }
      // PyTorch's strict loading takes no tensor that the network lacks.
      try file.write(to: path, hasDigest: false)
      tensors = file.entries.count
    case .npz:
      let entries = entries(of: model)
      try NPZFile.write(entries, to: path)
      tensors = entries.count
    case .onnx:
      let file = try ONNXFile(model, description)
      try DurableFile.write(file.bytes, to: path)
      tensors = file.tensorCount
    }
    return try summary(path, tensors: tensors)
  }

  /// What a file of weights alone says: whoever loads them must do what the network does before its first weight.
  private static func tensorTexts(
    of model: any Classifier, _ description: ExportDescription
  ) -> [String: String] {
    var (network, description) = (model, description)
    if let frozen = network as? FrozenClassifier { network = frozen.base }
    if let resizing = network as? ResizingClassifier {
      network = resizing.base
      description.inputSize = network.inputSize
      description.interpolation = resizing.interpolation.rawValue
    }
    var texts = Dictionary(uniqueKeysWithValues: description.texts.map { ($0.key, $0.value) })
    texts["model_args"] = (network as? VisionTransformer)?.arguments
    texts["head_args"] = network.attentionHead?.arguments
    return texts
  }

  private static func entries(of model: any Classifier) -> [String: TensorFile.Entry] {
    Dictionary(
      uniqueKeysWithValues: (model.parameters + model.buffers).map {
        ($0.name, TensorFile.Entry($0))
      })
  }

  /// Reads back what was written.
  private static func summary(_ path: String, tensors: Int) throws -> ExportedFile {
    let digest = try FileDigest(of: path)
    return ExportedFile(
      path: path, bytes: digest.bytes, sha256: digest.sha256, tensors: tensors)
  }
}
