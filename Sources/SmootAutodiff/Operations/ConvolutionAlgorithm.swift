/// How a convolution sums its products.
public enum ConvolutionAlgorithm: String, Sendable, Codable, CaseIterable {
  /// Product by product, as convolution is defined.
  case direct
  /// By Winograd's method F(4x4, 3x3) where it serves, which takes a quarter of the multiplications: 3x3 kernels with stride 1 and a padding of 1, channels in multiples of 16,
  /// and images of at least 4x4 pixels. Without padding it serves where a ReLU and a maximum over windows follow, and nobody differentiates: over constant regions the last bits of
  /// equal sums would decide where the gradient of a maximum goes. With a stride of 2 it takes nine sixteenths of the multiplications; the gradient of the weights is then summed directly.
  ///
  /// In 32 bits outputs differ from the direct sum's by about 1e-6 of their root mean square, and by 2e-5 at most. With products of bfloat16 it is the transformed numbers that are
  /// rounded: the error is then about 1 % of the root mean square, four times that of the direct sum.
  ///
  /// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016.
  case winograd
}
