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
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let (rows, columns) = (window.count(height), window.count(width))
    let count = rows * columns * channels
    var source = [Int32](repeating: 0, count: batch * count)
    let output = Tensor(uninitialized: [batch, rows, columns, channels]) { target in
      withPointers(value) { input in
        source.withUnsafeMutableBufferPointer { source in
          nonisolated(unsafe) let source = source
          parallelFor(batch) { image in
            let input = input + image * height * width * channels
            for row in 0..<rows {
              for column in 0..<columns {
                let start = (image * rows + row) * columns * channels + column * channels
                for channel in 0..<channels {
                  var best = -Float.infinity
                  var place = -1
                  for y in window.range(row, in: height) {
                    for x in window.range(column, in: width) {
                      let candidate = (y * width + x) * channels + channel
                      if place < 0 || input[candidate] > best || input[candidate].isNaN {
                        best = input[candidate]
                        place = candidate
                      }
                    }
                  }
                  target[start + channel] = best
                  source[start + channel] = Int32(max(0, place))
                }
              }
            }
          }
        }
      }
    }
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
