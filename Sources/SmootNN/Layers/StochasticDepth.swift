public import SmootAutodiff
import SmootTensor

/// Leaves a residual branch out for some images in training, and scales it up for the others so that the expected value stays.
///
/// Huang et al., Deep Networks with Stochastic Depth, 2016, in the form of timm's `DropPath`: one draw for each image.
public struct StochasticDepth: Sendable {
  /// The probability with which the branch is left out, in [0, 1).
  public let rate: Float
  private let name: String

  /// Makes a layer.
  ///
  /// - Parameters:
  ///   - name: tells the random numbers of this layer from those of others.
  ///   - rate: the probability with which the branch is left out, in [0, 1).
  public init(_ name: String, rate: Float) {
    precondition((0..<1).contains(rate), "a dropout rate lies in [0, 1), unlike \(rate)")
    self.name = name
    self.rate = rate
  }

  /// The branch, with the rows of some images set to zero when the pass is for training.
  ///
  /// - Parameters:
  ///   - branch: [images x rowsPerImage, width].
  ///   - rowsPerImage: how many consecutive rows belong to one image.
  public func callAsFunction(
    _ branch: Variable, rowsPerImage: Int, _ context: ForwardContext
  ) -> Variable {
    guard context.mode == .training, rate > 0 else { return branch }
    let key = context.random.derived(name)
    let images = branch.shape[0] / rowsPerImage
    let factors = (0..<images).map { key.uniform(at: UInt64($0)) < rate ? 0 : 1 / (1 - rate) }
    let rows = Variable(Tensor(factors, shape: [images, 1, 1]))
    let shape: Shape = [images, rowsPerImage, branch.shape[1]]
    return (branch.reshaped(to: shape) * rows).reshaped(to: branch.shape)
  }
}
