public import SmootTensor

/// How a parameter's order in memory, which the kernels choose, relates to its order in files, which is PyTorch's.
///
/// The conversion happens once, at the edge to a file; no step of training moves a weight.
public enum ParameterLayout: Hashable, Sendable {
  /// The same order in both.
  case same
  /// Memory [kernel height, kernel width, input channels, output channels]; files [output channels, input channels, kernel height, kernel width].
  case convolution
  /// The columns multiply a flattened image: memory [outputs, height x width x channels]; files [outputs, channels x height x width].
  case flattenedImage(channels: Int, height: Int, width: Int)
  /// The rows multiply image patches: memory [outputs, channels x size x size]; files [outputs, channels, size, size].
  case patches(channels: Int, size: Int)
  /// A whole number; files hold it as one.
  case count

  /// The tensor as files hold it.
  public func toFile(_ value: Tensor) -> Tensor {
    switch self {
    case .same, .count: return value
    case .convolution: return value.permuted([3, 2, 0, 1])
    case .patches: return value.reshaped(to: fileShape(of: value.shape))
    case .flattenedImage(let channels, let height, let width):
      return value.reshaped(to: [value.shape[0], height, width, channels])
        .permuted([0, 3, 1, 2]).reshaped(to: value.shape)
    }
  }

  /// The tensor as the kernels hold it, from one in a file's order.
  public func fromFile(_ value: Tensor) -> Tensor {
    switch self {
    case .same, .count: return value
    case .convolution: return value.permuted([2, 3, 1, 0])
    case .patches(let channels, let size):
      return value.reshaped(to: [value.shape[0], channels * size * size])
    case .flattenedImage(let channels, let height, let width):
      return value.reshaped(to: [value.shape[0], channels, height, width])
        .permuted([0, 2, 3, 1]).reshaped(to: value.shape)
    }
  }
}

extension ParameterLayout {
  /// The shape in files of a parameter of the given shape in memory.
  public func fileShape(of shape: Shape) -> Shape {
    switch self {
    case .convolution: [shape[3], shape[2], shape[0], shape[1]]
    case .patches(let channels, let size): [shape[0], channels, size, size]
    case .same, .count, .flattenedImage: shape
    }
  }
}
