public import SmootTensor

/// Replaces missing pixels by the weighted mean of their neighbours, all at once, and a little noise.
///
/// Source: Rong et al., A Consistent and Efficient Evaluation Strategy for Attribution Methods, 2022, section 4.3; weights 1/6 for neighbours along an edge and 1/12 across a corner.
public struct NoisyLinearImputation: Sendable {
  /// The standard deviation of the noise, in normalized units.
  public var noise: Double
  /// How far a pixel may be off, as a share of the greatest magnitude among the image's known pixels.
  public var tolerance: Double

  /// Makes an imputation.
  public init(noise: Double = 0.01, tolerance: Double = 1e-6) {
    self.noise = noise
    self.tolerance = tolerance
  }

  /// Images whose missing pixels are filled.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - missing: for each image and pixel whether it is missing, not 0, or known, 0; [batch, height x width].
  ///   - keys: where the noise of each image comes from.
  /// - Precondition: each image has a pixel that is known.
  public func callAsFunction(_ images: Tensor, missing: [UInt8], keys: [RandomKey]) -> Tensor {
    let (batch, channels) = (images.shape[0], images.shape[1])
    let (height, width) = (images.shape[2], images.shape[3])
    let pixels = height * width
    precondition(
      missing.count == batch * pixels && keys.count == batch,
      "\(missing.count) flags and \(keys.count) keys do not fit images of shape \(images.shape)")
    let solvers = SolverPool(height: height, width: width)
    var result = images
    result.withMutablePointer { target in
      parallelFor(batch) { image in
        fill(
          target + image * channels * pixels, channels: channels, key: keys[image],
          solvers: solvers
        ) { missing[image * pixels + $0] != 0 }
      }
    }
    return result
  }

  /// Fills the missing pixels of one image in place.
  func fill(
    _ image: UnsafeMutablePointer<Float>, channels: Int, key: RandomKey, solvers: SolverPool,
    isMissing: (Int) -> Bool
  ) {
    let solver = solvers.take()
    solver.fill(image, channels: channels, tolerance: tolerance, isMissing: isMissing)
    solvers.giveBack(solver)
    guard noise > 0 else { return }
    let pixels = solvers.height * solvers.width
    let missing = (0..<pixels).count(where: isMissing)
    let deviation = Float(noise)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, channels * missing)) { draws in
      guard var draw = draws.baseAddress else { return }
      key.writeNormal(draw, count: channels * missing)
      for pixel in 0..<pixels where isMissing(pixel) {
        for channel in 0..<channels { image[channel * pixels + pixel] += deviation * draw[channel] }
        draw += channels
      }
    }
  }
}
