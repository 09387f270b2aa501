import SmootTensor

/// A regular grid over an image: the features that surrogate models switch on and off.
///
/// A pixel belongs to the cell at place x cells / extent, rounded down, so that cells differ by one pixel at most. Segments that follow the picture's edges would need a
/// segmentation with choices of its own; a grid has none.
struct Superpixels {
  /// Rows and columns of the grid.
  let cells: Int
  /// The images' height.
  let height: Int
  /// The images' width.
  let width: Int

  /// How many features there are.
  var count: Int { cells * cells }

  private func feature(_ row: Int, _ column: Int) -> Int {
    row * cells / height * cells + column * cells / width
  }

  /// One copy of the image for each choice, with a constant where a feature is off.
  ///
  /// - Parameters:
  ///   - image: [1, channels, height, width].
  ///   - choices: for each copy which features are on.
  ///   - cover: what stands in the place of the others.
  func copies(of image: Tensor, _ choices: ArraySlice<[Bool]>, cover: Float) -> Tensor {
    let channels = image.shape[1]
    return Tensor(uninitialized: [choices.count, channels, height, width]) { target in
      withPointers(image) { source in
        for (copy, choice) in choices.enumerated() {
          for row in 0..<height {
            for column in 0..<width {
              let isOn = choice[feature(row, column)]
              for channel in 0..<channels {
                let place = (channel * height + row) * width + column
                target[copy * image.count + place] = isOn ? source[place] : cover
              }
            }
          }
        }
      }
    }
  }

  /// Each pixel with its feature's coefficient, [1, 1, height, width].
  func map(_ coefficients: [Double]) -> Tensor {
    Tensor(
      (0..<height * width).map { Float(coefficients[feature($0 / width, $0 % width)]) },
      shape: [1, 1, height, width])
  }
}
