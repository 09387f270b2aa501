/// A kind of file for other tools.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// Weights and preprocessing, for PyTorch and whatever reads safetensors.
  case safetensors
  /// Weights and the computation itself, for onnxruntime and other runtimes.
  case onnx
  /// Weights alone, for NumPy.
  case npz
}
