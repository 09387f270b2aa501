public import SmootAutodiff
public import SmootTensor

extension VisionTransformer {
  /// Positions of a square grid of other extents, resampled with antialiased bicubic interpolation as timm's `resample_abs_pos_embed` does; the positions of a distillation
  /// token that this network lacks are left out.
  public func adapted(
    _ tensor: Tensor, to parameter: Parameter, of names: Set<String>
  ) -> Tensor? {
    let width = extents.width
    guard parameter.name == "pos_embed", tensor.shape.rank == 3, tensor.shape[0] == 1,
      tensor.shape[2] == width
    else { return nil }
    let foreignPrefix = names.contains("dist_token") ? 2 : 1
    let prefix = extents.isDistilled ? 2 : 1
    let cells = tensor.shape[1] - foreignPrefix
    let side = Int(Double(max(0, cells)).squareRoot().rounded())
    guard foreignPrefix >= prefix, cells > 0, side * side == cells else { return nil }
    let (rows, columns) = (
      inputSize.height / extents.patchSize, inputSize.width / extents.patchSize
    )
    let first = tensor.sliced(axis: 1, 0..<prefix)
    var grid = tensor.sliced(axis: 1, foreignPrefix..<tensor.shape[1])
    if (rows, columns) != (side, side) {
      let resize = Interpolation.bicubic
      grid = grid.permuted([0, 2, 1]).reshaped(to: [1, width, side, side])
        .resampled(
          rows: resize.matrix(from: side, to: rows, antialias: true),
          columns: resize.matrix(from: side, to: columns, antialias: true)
        )
        .reshaped(to: [1, width, rows * columns]).permuted([0, 2, 1])
    }
    return .concatenated([first, grid], axis: 1)
  }
}
