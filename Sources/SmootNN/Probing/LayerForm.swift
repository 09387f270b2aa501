public import SmootTensor

/// How the numbers that a layer gives lie in memory; the channel is always the last axis.
public enum LayerForm: Sendable, Hashable {
  /// [batch, height, width, channels].
  case image
  /// [batch x tokens, channels].
  case tokens(TokenGrid)
  /// What each token takes from each other one: [batch, heads, tokens, tokens].
  case attention(TokenGrid)

  /// Values or gradients of a layer as images; what belongs to no place of the image, such as the class token, is left out.
  ///
  /// - Parameter tensor: of this form.
  /// - Returns: [batch, channels, height, width].
  /// - Precondition: this is not ``attention(_:)``.
  public func images(_ tensor: Tensor) -> Tensor {
    switch self {
    case .image: return tensor.permuted([0, 3, 1, 2])
    case .tokens(let grid):
      let (batch, channels) = (tensor.shape[0] / grid.count, tensor.shape[1])
      return tensor.reshaped(to: [batch, grid.count, channels])
        .sliced(axis: 1, grid.prefix..<grid.count).permuted([0, 2, 1])
        .reshaped(to: [batch, channels, grid.rows, grid.columns])
    case .attention: preconditionFailure("attention weights are no images")
    }
  }

  /// How many images values of this form belong to.
  public func batch(of tensor: Tensor) -> Int {
    switch self {
    case .image, .attention: tensor.shape[0]
    case .tokens(let grid): tensor.shape[0] / grid.count
    }
  }
}
