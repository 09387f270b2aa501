import SmootNN
import SmootTensor

extension AttributionContext {
  /// What the class token takes from each patch when relevance is followed from the first block of a transformer to the last.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - targets: the class to explain for each image.
  ///   - model: the network.
  ///   - method: the method's name.
  ///   - needs: what the method reads of a block besides its attention weights.
  ///   - next: the relevance after a block from that before it, each [batch, tokens, tokens]; it begins as the identity.
  /// - Returns: maps, [batch, 1, rows of patches, columns of patches].
  /// - Throws: ``AttributionError`` for other networks.
  func followingAttention(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ method: String,
    needs: Set<AttentionPass.Need> = [], _ next: (AttentionPass.Block, Tensor) -> Tensor
  ) throws(AttributionError) -> Attribution {
    var (maps, saturated) = ([Tensor](), [Bool]())
    try forEachPiece(of: targets.count) { (piece: Range<Int>) throws(AttributionError) in
      let pass = try AttentionPass(
        images.sliced(axis: 0, piece), targets: Array(targets[piece]), model: model, self,
        needs: needs, method: method)
      let count = pass.grid.count
      let identity = Tensor.identity(count).broadcast(to: [piece.count, count, count])
      maps.append(pass.map(pass.blocks.reduce(identity) { next($1, $0) }))
      saturated += pass.saturated
    }
    return Attribution(.concatenated(maps, axis: 0), saturated: saturated)
  }
}
