/// How a convolution that is differentiated sums its products.
public enum ConvolutionAlgorithm: String, Sendable, Codable, CaseIterable {
  /// Product by product, as convolution is defined.
  case direct
  /// By Winograd's method F(4x4, 3x3) where it serves, which takes a quarter of the multiplications: 3x3 kernels with stride 1 and a padding of 1, and channels in multiples of 16.
  ///
  /// Outputs differ from the direct sum's by about 1e-6 of their root mean square, and by 2e-5 at most. The products are those of 32-bit numbers in every precision.
  ///
  /// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016.
  case winograd
}
