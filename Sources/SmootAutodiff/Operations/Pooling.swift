import CSmootKernels
package import SmootTensor

/// How a pooling window walks over an image.
package struct PoolingWindow {
  package let size: Int
  package let stride: Int
  package let padding: Int

  /// How many windows there are along an extent.
  func count(_ extent: Int) -> Int {
    extent + 2 * padding < size ? 0 : (extent + 2 * padding - size) / stride + 1
  }

  /// The part of window `index` that lies inside an extent.
  func range(_ index: Int, in extent: Int) -> Range<Int> {
    let start = index * stride - padding
    return max(0, start)..<max(max(0, start), min(extent, start + size))
  }
}

/// The maximum over windows; the gradient goes to the first element that attains it, in row-major order.
package struct MaxPool: Operation {
  package let name = "max-pool"
  package let input: Shape
  /// For each output, the place in its image of the element that it came from.
  package let source: [Int32]

  /// The maxima, and where in their images they lie.
  static func forward(_ images: Tensor, _ window: PoolingWindow) -> (Tensor, source: [Int32]) {
    let (batch, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    let channels = images.shape[3]
    let (rows, columns) = (window.count(height), window.count(width))
    var source = [Int32](repeating: 0, count: batch * rows * columns * channels)
    let output = Tensor(uninitialized: [batch, rows, columns, channels]) { target in
      target.update(repeating: -.infinity, count: source.count)
      withPointers(images) { images in
        source.withUnsafeMutableBufferPointer { buffer in
          guard let start = buffer.baseAddress else { return }
          // Safe to share: each task has windows of its own.
          nonisolated(unsafe) let places = start
          parallelFor(batch * rows) { line in
            let image = images + line / rows * height * width * channels
            for column in 0..<columns {
              let window = (line * columns + column) * channels
              let (best, places) = (target + window, places + window)
              var isFirst = true
              forEachPlace(line % rows, column) { place in
                if isFirst {
                  best.update(from: image + place, count: channels)
                  for channel in 0..<channels { places[channel] = Int32(place + channel) }
                } else {
                  smoot_larger_f32(channels, Int32(place), image + place, best, places)
                }
                isFirst = false
              }
            }
          }
        }
      }
    }
    return (output, source)

    /// Calls a function with the places of a window's pixels in their image.
    func forEachPlace(_ row: Int, _ column: Int, _ body: (Int) -> Void) {
      for y in window.range(row, in: height) {
        for x in window.range(column, in: width) { body((y * width + x) * channels) }
      }
    }
  }

  /// The pooling of as many images again, whose maxima lie where they lie in these: the images of a batch of one, often.
  package func repeated(_ times: Int) -> MaxPool {
    var dimensions = input.dimensions
    dimensions[0] *= times
    return MaxPool(
      input: Shape(dimensions), source: Array(repeatElement(source, count: times).joined()))
  }

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let imageCount = input.count / max(1, input[0])
    let outputCount = gradient.count / max(1, input[0])
    return [
      Tensor(uninitialized: input) { target in
        withPointers(gradient) { gradient in
          parallelFor(input[0]) { image in
            let target = target + image * imageCount
            target.update(repeating: 0, count: imageCount)
            for index in image * outputCount..<(image + 1) * outputCount {
              target[Int(source[index])] += gradient[index]
            }
          }
        }
      }
    ]
  }
}

/// The mean over windows; zeros of the padding count.
package struct AveragePool: AffineOperation {
  package let name = "average-pool"
  package let input: Shape
  package let window: PoolingWindow

  package func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (height, width, channels) = (input[1], input[2], input[3])
    let (rows, columns) = (gradient.shape[1], gradient.shape[2])
    let share = 1 / Float(window.size * window.size)
    return [
      Tensor(uninitialized: input) { target in
        withPointers(gradient) { gradient in
          parallelFor(input[0]) { image in
            let target = target + image * height * width * channels
            target.update(repeating: 0, count: height * width * channels)
            for row in 0..<rows {
              for column in 0..<columns {
                let from = gradient + ((image * rows + row) * columns + column) * channels
                for y in window.range(row, in: height) {
                  for x in window.range(column, in: width) {
                    let to = target + (y * width + x) * channels
                    for channel in 0..<channels { to[channel] += share * from[channel] }
                  }
                }
              }
            }
          }
        }
      }
    ]
  }
}

extension Variable {
  /// The maximum over windows of channels-last images.
  ///
  /// - Parameters:
  ///   - size: rows and columns of a window.
  ///   - stride: how far apart windows are.
  ///   - padding: how far windows may reach beyond the image; what lies there is never the maximum.
  /// - Returns: [batch, (height + 2 padding - size) / stride + 1, ..., channels].
  public func maxPool(size: Int, stride: Int, padding: Int = 0) -> Variable {
    let window = PoolingWindow(size: size, stride: stride, padding: padding)
    let (output, source) = MaxPool.forward(value, window)
    return Self.record(MaxPool(input: shape, source: source), inputs: [self], output: output)
  }

  /// The mean over windows of channels-last images; zeros of the padding count.
  ///
  /// - Parameters:
  ///   - size: rows and columns of a window.
  ///   - stride: how far apart windows are.
  ///   - padding: how many zeros surround the image.
  public func averagePool(size: Int, stride: Int, padding: Int = 0) -> Variable {
    let window = PoolingWindow(size: size, stride: stride, padding: padding)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let (rows, columns) = (window.count(height), window.count(width))
    let share = 1 / Float(size * size)
    let output = Tensor(uninitialized: [batch, rows, columns, channels]) { target in
      withPointers(value) { input in
        parallelFor(batch * rows) { line in
          let (image, row) = (line / rows, line % rows)
          for column in 0..<columns {
            let to = target + (line * columns + column) * channels
            to.update(repeating: 0, count: channels)
            for y in window.range(row, in: height) {
              for x in window.range(column, in: width) {
                let from = input + ((image * height + y) * width + x) * channels
                for channel in 0..<channels { to[channel] += share * from[channel] }
              }
            }
          }
        }
      }
    }
    return Self.record(AveragePool(input: shape, window: window), inputs: [self], output: output)
  }
}
