/// What a measure computes for one image, apart from the clean pass, which all measures of a batch share.
public struct MeasureCost: Sendable, Hashable, Codable {
  /// How many forward passes.
  public var forwardPasses = 0
  /// How many explanations.
  public var explanations = 0
  /// How many explanations for each layer of the network.
  public var explanationsPerLayer = 0

  /// Counts passes and explanations.
  public init(forwardPasses: Int = 0, explanations: Int = 0, explanationsPerLayer: Int = 0) {
    self.forwardPasses = forwardPasses
    self.explanations = explanations
    self.explanationsPerLayer = explanationsPerLayer
  }
}

extension MeasureCost: CustomStringConvertible {
  /// The cost in words.
  public var description: String {
    let parts = [
      (forwardPasses, "forward pass", "forward passes"),
      (explanations, "explanation", "explanations"),
      (explanationsPerLayer, "explanation for each layer", "explanations for each layer"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
    return parts.isEmpty ? "no passes" : parts.joined(separator: ", ")
  }
}
