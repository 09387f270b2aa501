public import SmootNN
public import SmootTensor

/// The edges of the image, which know nothing of the network: maps that look like them may say as little.
///
/// The magnitude of Sobel's 3x3 gradients of the mean over the channels; pixels beyond the edge repeat it. Adebayo et al., Sanity Checks for Saliency Maps, 2018, use edges so.
public struct EdgeMap: AttributionMethod {
  /// Makes the method.
  public init() {}

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) { self.init() }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "edges", family: .control, summary: "the image's edges, by Sobel's filter", cost: "none")

  /// Magnitudes, [batch, 1, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let (batch, height, width) = (images.shape[0], images.shape[2], images.shape[3])
    let grey = images.mean(over: [1])
    return Attribution(
      Tensor(uninitialized: [batch, 1, height, width]) { target in
        withPointers(grey) { grey in
          parallelFor(batch) { image in
            let (from, to) = (grey + image * height * width, target + image * height * width)
            func pixel(_ row: Int, _ column: Int) -> Float {
              from[min(max(row, 0), height - 1) * width + min(max(column, 0), width - 1)]
            }
            for row in 0..<height {
              for column in 0..<width {
                var (across, down): (Float, Float) = (0, 0)
                for (offset, weight) in [(-1, Float(1)), (0, 2), (1, 1)] {
                  across +=
                    weight * (pixel(row + offset, column + 1) - pixel(row + offset, column - 1))
                  down +=
                    weight * (pixel(row + 1, column + offset) - pixel(row - 1, column + offset))
                }
                to[row * width + column] = (across * across + down * down).squareRoot()
              }
            }
          }
        }
      }, hasGradient: false)
  }
}
