public import SmootNN
public import SmootTensor

/// What the score loses when a window of the image is covered, for each pixel the mean over the windows that cover it.
///
/// Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014. Windows lie as in Captum: every stride, the last one cut at the edge; all channels are covered
/// together.
public struct Occlusion: AttributionMethod {
  /// Rows and columns of the window; `nil` for an eighth of the image's shorter side, rounded up.
  public var window: Int?
  /// From one window to the next, at most the window; `nil` for half a window, rounded up.
  public var stride: Int?
  /// What covers, in normalized values.
  public var cover: Float

  /// Makes the method.
  ///
  /// - Parameters:
  ///   - window: rows and columns of the window.
  ///   - stride: from one window to the next.
  ///   - cover: what covers, in normalized values: 0 is the data set's mean.
  public init(window: Int? = nil, stride: Int? = nil, cover: Float = 0) {
    self.window = window
    self.stride = stride
    self.cover = cover
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    let window = try options.integer("window", usual: 0, in: 0...65_536)
    let stride = try options.integer("stride", usual: 0, in: 0...65_536)
    self.init(
      window: window == 0 ? nil : window, stride: stride == 0 ? nil : stride,
      cover: try options.number("cover", usual: 0, in: -1000...1000))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "occlusion", family: .perturbation,
    summary: "what the score loses when a window is covered", cost: "(windows + 1)F",
    options: [
      MethodOption("window", 0, "rows and columns; 0 for an eighth of the shorter side"),
      MethodOption("stride", 0, "from window to window; 0 for half a window"),
      MethodOption("cover", 0, "what covers, in normalized values"),
    ])

  /// The maps, [batch, 1, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let (height, width) = (images.shape[2], images.shape[3])
    let size = window ?? (min(height, width) + 7) / 8
    let stride = stride ?? (size + 1) / 2
    guard size <= min(height, width) else {
      throw .badValue("window", "\(size)", expected: "at most the image's \(min(height, width))")
    }
    guard (1...size).contains(stride) else {
      throw .badValue("stride", "\(stride)", expected: "from 1 to the window's \(size)")
    }
    let rows = Self.starts(height, size, stride)
    let columns = Self.starts(width, size, stride)
    let windows = rows.flatMap { row in
      columns.map {
        Window(rows: row..<min(height, row + size), columns: $0..<min(width, $0 + size))
      }
    }
    let maps = targets.indices.map { image in
      map(of: images.sliced(axis: 0, image..<image + 1), targets[image], windows, model, context)
    }
    return Attribution(.concatenated(maps, axis: 0), hasGradient: false)
  }

  private struct Window {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  /// Where windows begin along an axis.
  private static func starts(_ count: Int, _ size: Int, _ stride: Int) -> [Int] {
    (0...(count - size + stride - 1) / stride).map { $0 * stride }
  }

  private func map(
    of image: Tensor, _ target: Int32, _ windows: [Window], _ model: any Classifier,
    _ context: AttributionContext
  ) -> Tensor {
    let (height, width) = (image.shape[2], image.shape[3])
    let score = model.scores(image, ofClass: target, context.score)[0]
    var sums = [Double](repeating: 0, count: height * width)
    var counts = sums
    context.forEachPiece(of: windows.count) { piece in
      let scores = model.scores(covered(image, windows[piece]), ofClass: target, context.score)
      for (window, covered) in zip(windows[piece], scores) {
        for row in window.rows {
          for column in window.columns {
            sums[row * width + column] += Double(score - covered)
            counts[row * width + column] += 1
          }
        }
      }
    }
    return Tensor(zip(sums, counts).map { Float($0 / $1) }, shape: [1, 1, height, width])
  }

  /// One copy of the image for each window, covered there.
  private func covered(_ image: Tensor, _ windows: ArraySlice<Window>) -> Tensor {
    let (channels, height, width) = (image.shape[1], image.shape[2], image.shape[3])
    return Tensor(uninitialized: [windows.count, channels, height, width]) { target in
      withPointers(image) { source in
        for (copy, window) in windows.enumerated() {
          let start = target + copy * image.count
          start.update(from: source, count: image.count)
          for channel in 0..<channels {
            for row in window.rows {
              for column in window.columns {
                start[(channel * height + row) * width + column] = cover
              }
            }
          }
        }
      }
    }
  }
}
