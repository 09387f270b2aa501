public import SmootAutodiff
public import SmootTensor

/// Everything that a forward pass depends on besides the model and its input.
public struct ForwardContext {
  /// What a forward pass is for.
  public enum Mode: Sendable {
    /// Dropout is on and batch normalization uses, and records, the statistics of the batch.
    case training
    /// The result for an image depends on that image alone.
    case evaluation
  }

  /// What the pass is for.
  public let mode: Mode
  /// Where parameters are variables, for their gradients; without one they are constants, and intermediate results are freed at once unless the input is a variable of a tape.
  public let tape: Tape?
  /// Where the pass's random numbers come from; each layer derives its own key from it.
  public let random: RandomKey
  /// Whether neighbouring operations may be computed as one, which is faster; else each is recorded by itself, for rules that must see them.
  public let isFused: Bool
  /// In which numbers products are computed.
  public let precision: Precision
  /// How convolutions sum their products.
  public let convolution: ConvolutionAlgorithm
  /// Sees what the layers give, and may replace it.
  public let layers: LayerProbe?
  /// For each image of the pass where the random masks of an attention head come from; with them the masks are there in evaluation, too.
  public let headMasks: [RandomKey]?
  /// The names of the parts of the network that this context is for, each with a point behind it.
  private let path: String

  /// Makes a context.
  ///
  /// - Parameters:
  ///   - mode: what the pass is for.
  ///   - tape: records the pass, when gradients of parameters are wanted; for gradients of images it is enough that they are variables of a tape.
  ///   - random: names the pass's random numbers; two passes with the same key drop the same elements.
  ///   - precision: in which numbers products are computed.
  ///   - convolution: how convolutions sum their products.
  ///   - isFused: whether neighbouring operations may be computed as one; with a probe they never are.
  ///   - layers: sees what the layers give.
  ///   - headMasks: for each image where the masks of an attention head come from; from `random` in training, and no masks in evaluation, when left out.
  public init(
    mode: Mode, tape: Tape? = nil, random: RandomKey, precision: Precision = .float32,
    convolution: ConvolutionAlgorithm = .direct, isFused: Bool = true, layers: LayerProbe? = nil,
    headMasks: [RandomKey]? = nil
  ) {
    self.mode = mode
    self.tape = tape
    self.random = random
    self.precision = precision
    self.convolution = convolution
    self.isFused = isFused && layers == nil
    self.layers = layers
    self.headMasks = headMasks
    path = ""
  }

  private init(
    _ context: ForwardContext, random: RandomKey? = nil, path: String? = nil,
    convolution: ConvolutionAlgorithm? = nil
  ) {
    mode = context.mode
    tape = context.tape
    self.random = random ?? context.random
    precision = context.precision
    self.convolution = convolution ?? context.convolution
    isFused = context.isFused
    layers = context.layers
    headMasks = context.headMasks
    self.path = path ?? context.path
  }

  /// A context for evaluation, which needs no random numbers.
  public static func evaluation(
    tape: Tape? = nil, precision: Precision = .float32,
    convolution: ConvolutionAlgorithm = .direct, isFused: Bool = true,
    layers: LayerProbe? = nil, headMasks: [RandomKey]? = nil
  ) -> ForwardContext {
    ForwardContext(
      mode: .evaluation, tape: tape, random: RandomKey(seed: 0), precision: precision,
      convolution: convolution, isFused: isFused, layers: layers, headMasks: headMasks)
  }

  /// The context of a part of the model, whose layers get random numbers of their own.
  public func scoped(_ name: String) -> ForwardContext {
    ForwardContext(self, random: random.derived(name))
  }

  /// The context with another algorithm for convolutions.
  func convolving(by algorithm: ConvolutionAlgorithm) -> ForwardContext {
    ForwardContext(self, convolution: algorithm)
  }

  /// The context of a part of the model whose layers are announced under a name of its own; random numbers stay what they are.
  public func part(_ name: @autoclosure () -> String) -> ForwardContext {
    guard layers != nil else { return self }
    return ForwardContext(self, path: "\(path)\(name()).")
  }

  /// Announces what a layer gives.
  ///
  /// - Parameters:
  ///   - name: the layer's name in its part of the model; the empty name is that of the part itself.
  ///   - value: what the layer gives.
  ///   - form: how it lies in memory.
  /// - Returns: what the pass goes on with: the value, or what the probe has put in its place.
  public func layer(
    _ name: @autoclosure () -> String, _ value: Variable, _ form: LayerForm = .image
  ) -> Variable {
    guard let layers else { return value }
    let full = path + name()
    return layers.announce(full.hasSuffix(".") ? String(full.dropLast()) : full, value, form)
  }

  /// The parameter as a variable of this pass.
  public func variable(_ parameter: Parameter) -> Variable {
    tape?.variable(for: parameter) ?? Variable(parameter.value)
  }
}
