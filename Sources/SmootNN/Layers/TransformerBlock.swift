public import SmootAutodiff
import SmootTensor

/// A block of a vision transformer: attention and a two-layer perceptron, each after a layer normalization and added to its input.
///
/// Dosovitskiy et al., An Image Is Worth 16x16 Words, 2021, equations 2 and 3.
public struct TransformerBlock {
  package let norm1: LayerNorm
  package let qkv: Linear
  package let projection: Linear
  package let norm2: LayerNorm
  package let fc1: Linear
  package let fc2: Linear
  package let heads: Int
  private let dropout: Dropout
  private let pathDropout: StochasticDepth

  /// Makes a block with timm's initial values: matrices normal with standard deviation 0.02, cut at two of them, biases 0.
  ///
  /// - Parameters:
  ///   - scope: where the names and the initial values of the parameters come from.
  ///   - width: numbers in a token.
  ///   - heads: attention heads; divides `width`.
  ///   - hidden: width of the perceptron's hidden layer.
  ///   - dropout: rate after both maps of a branch.
  ///   - pathDropout: probability that a branch is left out for an image.
  public init(
    _ scope: ParameterScope, width: Int, heads: Int, hidden: Int, dropout: Float,
    pathDropout: Float
  ) {
    func linear(_ scope: ParameterScope, _ inputs: Int, _ outputs: Int) -> Linear {
      Linear(
        scope, inputs: inputs, outputs: outputs, weight: .truncatedNormal(standardDeviation: 0.02),
        bias: .constant(0))
    }
    let (attention, perceptron) = (scope.scope("attn"), scope.scope("mlp"))
    norm1 = LayerNorm(scope.scope("norm1"), width: width, epsilon: 1e-6)
    qkv = linear(attention.scope("qkv"), width, 3 * width)
    projection = linear(attention.scope("proj"), width, width)
    norm2 = LayerNorm(scope.scope("norm2"), width: width, epsilon: 1e-6)
    fc1 = linear(perceptron.scope("fc1"), width, hidden)
    fc2 = linear(perceptron.scope("fc2"), hidden, width)
    self.heads = heads
    self.dropout = Dropout("dropout", rate: dropout)
    self.pathDropout = StochasticDepth("path", rate: pathDropout)
  }

  /// What training changes.
  public var parameters: [Parameter] {
    norm1.parameters + qkv.parameters + projection.parameters + norm2.parameters + fc1.parameters
      + fc2.parameters
  }

  /// The block applied to tokens [images x tokens, width].
  ///
  /// - Parameter count: how many of the first tokens of each image are wanted; all, when left out. The others end with the attention, unless dropout draws for them.
  public func callAsFunction(
    _ input: Variable, _ grid: TokenGrid, first count: Int? = nil, _ context: ForwardContext
  ) -> Variable {
    let wanted = count ?? grid.count
    let isTraining = context.mode == .training
    let draws = isTraining && (dropout.rate > 0 || pathDropout.rate > 0)
    let kept = isTraining && dropout.rate > 0 ? grid.count : wanted
    // A branch as one operation multiplies pieces of its matrices, which no library does.
    let joins =
      context.isFused && !(context.precision == .float32 && Tensor.leavesProductsToLibrary)
    let form = LayerForm.tokens(grid)

    func added(_ branch: Variable, to x: Variable, _ name: String) -> Variable {
      if joins, !draws { return branch }
      let scope = context.scoped(name)
      let branch = context.layer(name, dropout(branch, scope), form)
      return x.repeatedRows(asIn: branch) + pathDropout(branch, rowsPerImage: kept, scope)
    }
    let attended =
      joins
      ? input.attentionBranch(
        parameters(norm1, qkv, projection, context), tokens: grid.count, heads: heads, first: kept,
        addsInput: !draws, context.precision)
      : separateAttention(input, grid, kept, form, context)
    let x = added(attended, to: input.firstTokens(kept, of: grid.count), "attn")
    let perceptron =
      joins
      ? x.perceptronBranch(
        parameters(norm2, fc1, fc2, context), addsInput: !draws, context.precision)
      : fc2(fc1(context.layer("norm2", norm2(x, context), form), context).gelu(), context)
    let output = context.layer("", added(perceptron, to: x, "mlp"), form)
    return output.firstTokens(wanted, of: kept)
  }

  /// The attention branch as separate operations, the weights announced under the name that their dropout has in timm.
  private func separateAttention(
    _ input: Variable, _ grid: TokenGrid, _ kept: Int, _ form: LayerForm,
    _ context: ForwardContext
  ) -> Variable {
    let numbers = qkv(context.layer("norm1", norm1(input, context), form), context)
    let attended =
      context.isFused
      ? numbers.attention(tokens: grid.count, heads: heads, context.precision)
      : numbers.separateAttention(tokens: grid.count, heads: heads) {
        context.layer("attn.attn_drop", $0, .attention(grid))
      }
    return projection(attended.firstTokens(kept, of: grid.count), context)
  }

  private func parameters(
    _ norm: LayerNorm, _ inner: Linear, _ outer: Linear, _ context: ForwardContext
  ) -> BranchParameters {
    BranchParameters(
      scale: context.variable(norm.weight), shift: context.variable(norm.bias),
      epsilon: norm.epsilon, inner: context.variable(inner.weight),
      innerBias: context.variable(inner.bias), outer: context.variable(outer.weight),
      outerBias: context.variable(outer.bias))
  }
}

extension Variable {
  /// The first tokens of each image, given [images x tokens, width].
  fileprivate func firstTokens(_ wanted: Int, of count: Int) -> Variable {
    guard wanted < count else { return self }
    let (images, width) = (shape[0] / count, shape[1])
    return reshaped(to: [images, count, width]).sliced(axis: 1, 0..<wanted)
      .reshaped(to: [images * wanted, width])
  }
}
