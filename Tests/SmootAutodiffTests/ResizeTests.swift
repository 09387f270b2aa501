import Foundation
import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// Resized images against PyTorch's `interpolate`, and their gradients.
@Suite(.serialized) struct ResizeTests {
  private let images = scrambled([2, 3, 6, 5], 0.5)
  private static let sizes = [("up", 11, 14), ("down", 4, 3), ("same", 6, 5)]

  @Test(arguments: kernelLevels, Interpolation.allCases)
  func equalsPyTorch(_ level: String, _ interpolation: Interpolation) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "resize")
    try withKernels(level) {
      for (name, height, width) in Self.sizes {
        let key = "\(interpolation.rawValue).\(name)"
        let tape = Tape()
        let x = tape.variable(images)
        let y = x.resized(height: height, width: width, interpolation)
        expectClose(y.value, try golden.tensor(key), relative: 1e-6, key)
        let gradient = tape.gradients(
          of: y, seed: scrambled(y.shape, 0.9), withRespectTo: [x])[0]
        expectClose(gradient, try golden.tensor("\(key).gradient"), relative: 1e-6, key)
        let smooth = images.resampled(
          rows: interpolation.matrix(from: 6, to: height, antialias: true),
          columns: interpolation.matrix(from: 5, to: width, antialias: true))
        expectClose(smooth, try golden.tensor("\(key).antialias"), relative: 2e-6, key)
      }
    }
  }

  @Test(arguments: kernelLevels, Interpolation.allCases)
  func agreesWithDifferences(_ level: String, _ interpolation: Interpolation) {
    withKernels(level) {
      checkGradients(
        of: { $0[0].resized(height: 9, width: 4, interpolation) }, at: [images])
    }
  }
}
