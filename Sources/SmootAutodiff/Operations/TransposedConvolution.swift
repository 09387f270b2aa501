import CSmootKernels
import Foundation
import SmootTensor

/// The gradient of a convolution with respect to its images: each input pixel gathers from the output pixels that read it.
///
/// Pixels that the same kernel elements read are the rows of one product, so that nothing is multiplied with zeros: neither between outputs, with a stride, nor beyond the edges.
struct TransposedConvolution {
  private let shape: smoot_convolution_shape
  private let padding: Int

  /// - Parameters:
  ///   - shape: the extents of the convolution of padded images.
  ///   - padding: rows and columns of zeros around the images, which need no gradient.
  init(_ shape: smoot_convolution_shape, padding: Int) {
    self.shape = shape
    self.padding = padding
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
    let rows = Axis(
      shape, padding, kernel: shape.kernel_height, input: shape.input_height,
      output: shape.outputHeight)
    let columns = Axis(
      shape, padding, kernel: shape.kernel_width, input: shape.input_width,
      output: shape.outputWidth)
    let (inputs, outputs) = (Int(shape.input_channels), Int(shape.output_channels))
    let gradient = upstream.converted(to: precision)
    let (pitch, height, width) = (shape.outputWidth, rows.extent, columns.extent)
    let kernels = weight.reshaped(
      to: [shape.kernel_height * shape.kernel_width, inputs, outputs]
    ).packedTransposes(
      of: rows.kernels.flatMap { row in columns.kernels.map { row * shape.kernel_width + $0 } },
      precision)
    return .computed([batch, height, width, inputs], precision, addingTo: sum) { result, adds in
      for row in rows.groups {
        for column in columns.groups {
          let count = batch * row.pixels.count * column.pixels.count
          var (places, targets): ([Int], [Int]) = ([], [])
          places.reserveCapacity(count)
          targets.reserveCapacity(count)
          for image in 0..<batch {
            for down in row.pixels {
              let place = (image * shape.outputHeight + down.output) * pitch
              let target = (image * height + down.input) * width
              for across in column.pixels {
                places.append((place + across.output) * outputs)
                targets.append((target + across.input) * inputs)
              }
            }
          }
          guard !row.elements.isEmpty, !column.elements.isEmpty else {
            guard !adds else { continue }
            let size = precision.byteCount
            for target in targets { memset(result + target * size, 0, inputs * size) }
            continue
          }
          let elements = row.elements.flatMap { down in
            column.elements.map { across in
              (
                place: (down.output * pitch + across.output) * outputs,
                factor: (down.place * shape.kernel_width + across.place) * outputs
              )
            }
          }
          GatheredMatrix(
            rows: places, segments: elements.map(\.place), length: outputs,
            factors: elements.map(\.factor),
            factorCount: shape.kernel_height * shape.kernel_width * outputs
          ).product(
            in: gradient, kernels, columns: inputs, ProductEpilogue(addsToResult: adds),
            targets: targets, precision, into: result)
        }
      }
    }
  }

  /// One axis of the images.
  private struct Axis {
    /// Input pixels that the same kernel elements read, and these elements.
    struct Group {
      /// Each pixel's place among the inputs, and that of the first output that reads it.
      var pixels: [(input: Int, output: Int)]
      /// Each kernel element's place in ``kernels``, and how far the output that reads with it lies after the first.
      let elements: [(place: Int, output: Int)]
    }

    /// How many input pixels there are without the padding.
    let extent: Int
    /// The kernel elements in the order in which outputs follow one another, those that read the same pixels together.
    let kernels: [Int]
    /// All input pixels.
    let groups: [Group]

    init(
      _ shape: smoot_convolution_shape, _ padding: Int, kernel: Int, input: Int, output: Int
    ) {
      let (step, dilation) = (Int(shape.stride), Int(shape.dilation))
      var (kernels, groups): ([Int], [Group]) = ([], [])
      extent = input - 2 * padding
      for phase in 0..<step {
        let elements = Array((0..<kernel).filter { $0 * dilation % step == phase }.reversed())
        var read: Range<Int>?
        for pixel in 0..<extent where (pixel + padding) % step == phase {
          let distances = elements.lazy.map { pixel + padding - $0 * dilation }
          // The outputs that read with earlier elements lie before the first output, with later ones beyond the last.
          let start = distances.firstIndex { $0 >= 0 } ?? elements.count
          let end = distances[start...].firstIndex { $0 / step >= output } ?? elements.count
          let first = start < end ? distances[start] / step : 0
          if read != start..<end {
            read = start..<end
            groups.append(
              Group(
                pixels: [],
                elements: (start..<end).map { (kernels.count + $0, distances[$0] / step - first) }))
          }
          groups[groups.count - 1].pixels.append((pixel, first))
        }
        kernels += elements
      }
      (self.kernels, self.groups) = (kernels, groups)
    }
  }
}
