import CSmootKernels
import SmootTensor

/// How a convolution of some images is computed: by Winograd's method where it is asked for and serves; image by image where the kernel has few taps, as in a first layer; else as a
/// product with the matrix of the pixels under the kernel, none of which is written down (``GatheredMatrix``).
struct ConvolutionPlan {
  /// The extents of the padded images.
  let shape: smoot_convolution_shape
  /// The padded images; for Winograd's method those without the padding.
  let input: Tensor
  /// In which numbers the result is kept.
  let precision: Precision
  /// Winograd's method, where it is taken.
  let winograd: WinogradConvolution?
  /// The pixels under the kernel; `nil` where the convolution is computed in another way.
  let pixels: GatheredMatrix?

  /// Whether more than a shift and a ReLU may follow in the same pass.
  var takesEveryEpilogue: Bool { winograd != nil || pixels != nil }

  /// A plan for images [batch, height, width, channels] and a kernel of some shape.
  init(
    _ images: Tensor, _ weight: Shape, _ geometry: ConvolutionGeometry, _ precision: Precision,
    _ algorithm: ConvolutionAlgorithm
  ) {
    let extents = images.shape
    winograd =
      algorithm == .winograd
      ? WinogradConvolution(images: extents, weight, geometry, precision) : nil
    shape = smoot_convolution_shape(
      images: [
        extents[0], extents[1] + 2 * geometry.padding, extents[2] + 2 * geometry.padding,
        extents[3],
      ], weight, geometry)
    guard winograd == nil else {
      (input, pixels, self.precision) = (images.converted(to: precision), nil, precision)
      return
    }
    let products = shape.precision(precision)
    input = images.converted(to: products).padded(by: geometry.padding)
    self.precision = shape.hasFewTaps ? precision : products
    pixels = shape.hasFewTaps ? nil : shape.pixelsUnderKernel(batch: extents[0])
  }

  /// The plan of a convolution without padding that goes image by image.
  init(imageByImage images: Tensor, _ shape: smoot_convolution_shape) {
    self.shape = shape
    input = images
    (winograd, pixels, precision) = (nil, nil, .float32)
  }

  /// The convolution with what follows: [batch, output height, output width, output channels].
  ///
  /// - Precondition: the epilogue is a shift and a ReLU at most, unless ``takesEveryEpilogue``.
  func forward(_ weight: Tensor, _ epilogue: ProductEpilogue) -> Tensor {
    if let winograd { return winograd.forward(input, weight, epilogue) }
    guard let pixels else {
      precondition(
        epilogue.scale == nil && epilogue.addend == nil,
        "image by image nothing but a shift and a ReLU may follow")
      return Convolution.forwardByImages(
        shape, input, weight, epilogue.shift, relu: epilogue.rectifies, precision)
    }
    let (batch, channels) = (input.shape[0], Int(shape.output_channels))
    let packed = weight.reshaped(to: [shape.taps, channels]).packed(
      isTransposed: false, isKept: true, input.precision)
    var epilogue = epilogue
    epilogue.addend = epilogue.addend?.converted(to: precision)
    return Tensor(
      uninitialized: [batch, shape.outputHeight, shape.outputWidth, channels], precision
    ) { result in
      let targets = (0..<pixels.rowCount).map { $0 * channels }
      pixels.product(
        in: input, packed, columns: channels, epilogue, targets: targets, precision, into: result)
    }
  }
}
