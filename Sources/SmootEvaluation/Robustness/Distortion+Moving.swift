import Foundation
public import SmootTensor

extension Distortion {
  /// Planes whose pixels are moved as those of an image are; zeros come in from beyond the edges.
  ///
  /// Turned and stretched planes are interpolated bilinearly between the centres of pixels; smaller ones are resampled with antialiasing, to a whole number of pixels.
  ///
  /// - Parameter planes: [batch, channels, height, width], images or maps.
  /// - Returns: of the same shape.
  public func moved(_ planes: Tensor) -> Tensor {
    guard isGeometric else { return planes }
    let (height, width) = (planes.shape[2], planes.shape[3])
    if kind == .size { return shrunk(planes) }
    return Tensor(uninitialized: planes.shape) { target in
      withPointers(planes) { source in
        parallelFor(planes.shape[0] * planes.shape[1]) { plane in
          let from = UnsafeBufferPointer(
            start: source + plane * height * width, count: height * width)
          for row in 0..<height {
            for column in 0..<width {
              let place = self.source(row: row, column: column, height: height, width: width)
              target[(plane * height + row) * width + column] = Self.value(
                from, height: height, width: width, at: place)
            }
          }
        }
      }
    }
  }

  /// Whether each pixel shows something of the image, and not what came in from beyond its edges.
  public func inside(height: Int, width: Int) -> [Bool] {
    guard isGeometric else { return [Bool](repeating: true, count: height * width) }
    if kind == .size {
      let (rows, columns) = (extent(height), extent(width))
      return (0..<height * width).map {
        rows.contains($0 / width) && columns.contains($0 % width)
      }
    }
    return (0..<height * width).map {
      let place = source(row: $0 / width, column: $0 % width, height: height, width: width)
      return (-0.5...Double(height) - 0.5).contains(place.row)
        && (-0.5...Double(width) - 0.5).contains(place.column)
    }
  }

  /// Where a pixel comes from.
  private func source(
    row: Int, column: Int, height: Int, width: Int
  ) -> (row: Double, column: Double) {
    let (centreRow, centreColumn) = (Double(height - 1) / 2, Double(width - 1) / 2)
    let (y, x) = (Double(row) - centreRow, Double(column) - centreColumn)
    guard kind == .rotation else { return (Double(row), centreColumn + x / level) }
    // Quarter turns are exact: the sine of a multiple of pi is not quite zero.
    let quarter = level.truncatingRemainder(dividingBy: 90) == 0
    let angle = level * .pi / 180
    let (cosine, sine) =
      quarter ? (cos(angle).rounded(), sin(angle).rounded()) : (cos(angle), sin(angle))
    return (centreRow + cosine * y + sine * x, centreColumn - sine * y + cosine * x)
  }

  /// The bilinear value between pixels; beyond the edge there are zeros.
  private static func value(
    _ plane: UnsafeBufferPointer<Float>, height: Int, width: Int,
    at place: (row: Double, column: Double)
  ) -> Float {
    guard place.row > -1, place.row < Double(height), place.column > -1,
      place.column < Double(width)
    else { return 0 }
    let (top, left) = (place.row.rounded(.down), place.column.rounded(.down))
    let (down, right) = (Float(place.row - top), Float(place.column - left))
    func pixel(_ row: Int, _ column: Int) -> Float {
      row >= 0 && row < height && column >= 0 && column < width ? plane[row * width + column] : 0
    }
    let (row, column) = (Int(top), Int(left))
    let upper = pixel(row, column) * (1 - right) + pixel(row, column + 1) * right
    let lower = pixel(row + 1, column) * (1 - right) + pixel(row + 1, column + 1) * right
    return upper * (1 - down) + lower * down
  }

  /// The part of an extent that a smaller image takes: in the middle, a pixel to the left where it cannot be halved.
  private func extent(_ whole: Int) -> Swift.Range<Int> {
    let count = max(1, Int((Double(whole) * level).rounded()))
    let start = (whole - count) / 2
    return start..<start + count
  }

  private func shrunk(_ planes: Tensor) -> Tensor {
    let (height, width) = (planes.shape[2], planes.shape[3])
    let (rows, columns) = (extent(height), extent(width))
    let small = planes.resampled(
      rows: Interpolation.bilinear.matrix(from: height, to: rows.count, antialias: true),
      columns: Interpolation.bilinear.matrix(from: width, to: columns.count, antialias: true))
    return Tensor(uninitialized: planes.shape) { target in
      target.update(repeating: 0, count: planes.count)
      withPointers(small) { source in
        for plane in 0..<planes.shape[0] * planes.shape[1] {
          for row in 0..<rows.count {
            let to = (plane * height + rows.lowerBound + row) * width + columns.lowerBound
            (target + to).update(
              from: source + (plane * rows.count + row) * columns.count, count: columns.count)
          }
        }
      }
    }
  }
}
