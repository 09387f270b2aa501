import Foundation
import SmootTensor

/// A small separable Gaussian kernel, as the RISE code makes it: SciPy's `gaussian_filter` of a single 1 in a square of zeros.
struct GaussianKernel {
  /// One row of the kernel; the square is its outer product with itself.
  let weights: [Double]

  /// Makes a kernel.
  ///
  /// - Parameters:
  ///   - size: how many pixels a side, an odd number.
  ///   - deviation: the standard deviation in pixels. Weight that falls beyond the edge is mirrored back, as SciPy does, up to four standard deviations.
  init(size: Int, deviation: Double) {
    precondition(size % 2 == 1, "a kernel of \(size) pixels has no centre")
    let radius = Int(4 * deviation + 0.5)
    let bell = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = bell.reduce(0, +)
    var weights = [Double](repeating: 0, count: size)
    for place in 0..<size {
      for offset in -radius...radius {
        // Mirrored about the edge: ... 1 0 | 0 1 ... n-1 | n-1 n-2 ...
        let wrapped = ((place + offset) % (2 * size) + 2 * size) % (2 * size)
        let source = wrapped < size ? wrapped : 2 * size - 1 - wrapped
        if source == size / 2 { weights[place] += bell[offset + radius] / sum }
      }
    }
    self.weights = weights
  }

  /// Images [batch, channels, height, width] under the kernel; beyond their edges there are zeros.
  func blurred(_ images: Tensor) -> Tensor {
    let (height, width) = (images.shape[2], images.shape[3])
    return images.resampled(rows: matrix(height), columns: matrix(width))
  }

  /// The kernel along one axis as a matrix [count, count].
  private func matrix(_ count: Int) -> Tensor {
    let radius = weights.count / 2
    var values = [Float](repeating: 0, count: count * count)
    for row in 0..<count {
      for offset in -radius...radius where (0..<count).contains(row + offset) {
        values[row * count + row + offset] = Float(weights[offset + radius])
      }
    }
    return Tensor(values, shape: [count, count])
  }
}
