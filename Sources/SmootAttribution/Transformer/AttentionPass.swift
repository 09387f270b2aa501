import SmootAutodiff
import SmootNN
import SmootTensor

/// Images that went through a transformer, with the attention weights of all blocks.
struct AttentionPass {
  /// What is computed besides the attention weights.
  enum Need { case gradients, relevance }

  /// The attention weights of a block, and their gradients and relevance where asked for, each [batch, heads, tokens, tokens].
  struct Block {
    let weights: Tensor
    let gradients: Tensor?
    let relevance: Tensor?
  }

  /// From the first block to the last.
  let blocks: [Block]
  /// How the tokens lie.
  let grid: TokenGrid
  /// For each image whether its explained probability is too flat for a gradient.
  let saturated: [Bool]

  init(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext,
    needs: Set<Need>, method: String
  ) throws(AttributionError) {
    let probe = LayerProbe()
    // The image is a leaf so that even the first block's weights depend on something recorded.
    let pass =
      needs.isEmpty
      ? nil
      : RecordedPass(images, model, keepsValues: needs.contains(.relevance), layers: probe)
    let logits =
      pass?.logits ?? model.logits(Variable(images), .evaluation(layers: probe))
    let seen = probe.layers.filter(\.form.isAttention)
    guard let first = seen.first, case .attention(let grid) = first.form, grid.prefix > 0 else {
      throw .unsuited(
        method, operation: "networks without attention and a class token", layer: nil,
        "choose a vision transformer, or a class activation method for this network")
    }
    let variables = seen.map(\.variable)
    let gradients =
      needs.contains(.gradients)
      ? pass?.gradients(targets, context.score, withRespectTo: variables) : nil
    var relevances: [Tensor]?
    if needs.contains(.relevance), let pass {
      try pass.requireLogit(context.score, method)
      relevances = try AttentionPropagation(pass, method: method).relevances(
        targets, at: variables)
    }
    blocks = seen.enumerated().map {
      Block(
        weights: $1.variable.value, gradients: gradients?[$0], relevance: relevances?[$0])
    }
    self.grid = grid
    saturated =
      needs.isEmpty
      ? targets.map { _ in false } : logits.value.saturatedRows(targets, context.score)
  }

  /// What the class token takes from each patch.
  ///
  /// - Parameter relevance: [batch, tokens, tokens].
  /// - Returns: [batch, 1, rows, columns]; the class token's own share, and a distillation token's, are left out.
  func map(_ relevance: Tensor) -> Tensor {
    relevance.sliced(axis: 1, 0..<1).sliced(axis: 2, grid.prefix..<grid.count)
      .reshaped(to: [relevance.shape[0], 1, grid.rows, grid.columns])
  }
}

extension Tensor {
  /// The mean over heads of [batch, heads, tokens, tokens].
  var meanOfHeads: Tensor { mean(over: [1]).reshaped(to: [shape[0], shape[2], shape[3]]) }

  /// Ones on the diagonal, [1, count, count].
  static func identity(_ count: Int) -> Tensor {
    var values = [Float](repeating: 0, count: count * count)
    for index in 0..<count { values[index * count + index] = 1 }
    return Tensor(values, shape: [1, count, count])
  }

  /// The matrix product of each matrix with the one at the same place of another stack, [batch, rows, columns].
  func stackedProduct(_ other: Tensor) -> Tensor {
    .concatenated(
      (0..<shape[0]).map { index in
        Tensor.product(
          sliced(axis: 0, index..<index + 1).reshaped(to: [shape[1], shape[2]]),
          other.sliced(axis: 0, index..<index + 1).reshaped(to: [other.shape[1], other.shape[2]])
        ).reshaped(to: [1, shape[1], other.shape[2]])
      }, axis: 0)
  }
}
