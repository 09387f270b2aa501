import CSmootKernels
import SmootTensor

/// The gradient of a convolution with respect to its images: each input pixel gathers from the output pixels that read it.
///
/// Pixels whose places differ by multiples of the stride are read by the same kernel elements; each such phase is a product of its own, and no product is with zeros between
/// outputs.
struct TransposedConvolution {
  private let shape: smoot_convolution_shape
  private let padding: Int
  /// Rows and columns of zeros around the upstream gradient.
  private let border: Int

  /// - Parameters:
  ///   - shape: the extents of the convolution of padded images.
  ///   - padding: rows and columns of zeros around the images, which need no gradient.
  init(_ shape: smoot_convolution_shape, padding: Int) {
    self.shape = shape
    self.padding = padding
    let step = Int(shape.stride)
    func missing(_ input: Int, _ kernel: Int, _ output: Int) -> Int {
      let before = Int(shape.dilation) * (kernel - 1) / step - padding / step
      let after = (input - padding - 1) / step - (output - 1)
      return max(0, before, after)
    }
    border = max(
      missing(shape.input_height, shape.kernel_height, shape.outputHeight),
      missing(shape.input_width, shape.kernel_width, shape.outputWidth))
  }

  /// - Parameters:
  ///   - upstream: [batch, output height, output width, output channels].
  ///   - weight: [kernel height, kernel width, input channels, output channels].
  ///   - precision: of the products.
  ///   - sum: what the gradient is added to.
  /// - Returns: [batch, height, width, input channels], without the padding.
  func callAsFunction(
    _ upstream: Tensor, _ weight: Tensor, _ precision: Precision,
    addingTo sum: consuming Tensor? = nil
  ) -> Tensor {
    let batch = upstream.shape[0]
    let (height, width) = (shape.input_height - 2 * padding, shape.input_width - 2 * padding)
    let (inputs, outputs) = (Int(shape.input_channels), Int(shape.output_channels))
    let gradient = Operand(upstream.padded(by: border), precision)
    let pitch = shape.outputWidth + 2 * border
    let imageCount = (shape.outputHeight + 2 * border) * pitch * outputs
    let kernels = weight.reshaped(
      to: [shape.kernel_height * shape.kernel_width, inputs, outputs])
    return .computed([batch, height, width, inputs], addingTo: sum) { result, adds in
      for rowPhase in 0..<Int(shape.stride) {
        let rows = Phase(rowPhase, shape, padding, kernel: shape.kernel_height, extent: height)
        for columnPhase in 0..<Int(shape.stride) {
          let columns = Phase(
            columnPhase, shape, padding, kernel: shape.kernel_width, extent: width)
          var (places, targets): ([Int], [Int]) = ([], [])
          places.reserveCapacity(batch * rows.pixels.count * columns.pixels.count)
          targets.reserveCapacity(places.capacity)
          for image in 0..<batch {
            for row in rows.pixels {
              for column in columns.pixels {
                places.append(
                  image * imageCount
                    + ((row.output + border) * pitch + column.output + border) * outputs)
                targets.append(((image * height + row.input) * width + column.input) * inputs)
              }
            }
          }
          let elements = rows.elements.flatMap { row in
            columns.elements.map { column in
              (
                kernel: row.kernel * shape.kernel_width + column.kernel,
                place: (row.output * pitch + column.output) * outputs
              )
            }
          }
          guard !elements.isEmpty else {
            guard !adds else { continue }
            for target in targets { (result + target).update(repeating: 0, count: inputs) }
            continue
          }
          GatheredMatrix(rows: places, segments: elements.map(\.place), length: outputs).product(
            in: gradient, kernels.packedTransposes(of: elements.map(\.kernel), precision),
            columns: inputs, ProductEpilogue(addsToResult: adds), targets: targets, into: result)
        }
      }
    }
  }

  /// Along one axis: the input pixels that the same kernel elements read, and these elements.
  private struct Phase {
    /// Each pixel's place among the inputs, and that of the first output that reads it, negative or beyond the last where the border is.
    let pixels: [(input: Int, output: Int)]
    /// Each kernel element, and how far the output that reads with it lies after the first.
    let elements: [(kernel: Int, output: Int)]

    init(
      _ phase: Int, _ shape: smoot_convolution_shape, _ padding: Int, kernel: Int, extent: Int
    ) {
      let (step, dilation) = (Int(shape.stride), Int(shape.dilation))
      let readers = (0..<kernel).filter { $0 * dilation % step == phase }.reversed()
      let furthest = (readers.first ?? 0) * dilation / step
      elements = readers.map { ($0, furthest - $0 * dilation / step) }
      pixels = (0..<extent).filter { ($0 + padding) % step == phase }.map {
        ($0, ($0 + padding) / step - furthest)
      }
    }
  }
}
