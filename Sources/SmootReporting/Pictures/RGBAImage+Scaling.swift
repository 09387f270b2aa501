extension RGBAImage {
  /// The picture in another size: enlarged by repeating the nearest pixel, reduced by averaging the
  /// pixels that fall together.
  public func resized(width newWidth: Int, height newHeight: Int) -> RGBAImage {
    if newWidth == width && newHeight == height { return self }
    var result = RGBAImage(width: newWidth, height: newHeight, fill: .clear)
    let columns = (0..<newWidth).map { Self.source($0, of: newWidth, in: width) }
    for y in 0..<newHeight {
      let rows = Self.source(y, of: newHeight, in: height)
      for x in 0..<newWidth { result[x, y] = average(columns: columns[x], rows: rows) }
    }
    return result
  }

  /// The picture enlarged `factor` times, each pixel a square.
  public func enlarged(_ factor: Int) -> RGBAImage {
    resized(width: width * factor, height: height * factor)
  }

  /// Which of `count` pixels come together in pixel `place` of `total`.
  private static func source(_ place: Int, of total: Int, in count: Int) -> Range<Int> {
    if total >= count {
      let index = (2 * place + 1) * count / (2 * total)
      return index..<index + 1
    }
    let start = place * count / total
    return start..<max(start + 1, (place + 1) * count / total)
  }

  private func average(columns: Range<Int>, rows: Range<Int>) -> RGBAColor {
    if columns.count == 1 && rows.count == 1 { return self[columns.lowerBound, rows.lowerBound] }
    var sums = (red: 0, green: 0, blue: 0, alpha: 0)
    for y in rows {
      for x in columns {
        let color = self[x, y]
        let alpha = Int(color.alpha)
        sums.red += Int(color.red) * alpha
        sums.green += Int(color.green) * alpha
        sums.blue += Int(color.blue) * alpha
        sums.alpha += alpha
      }
    }
    guard sums.alpha > 0 else { return .clear }
    let half = sums.alpha / 2
    return RGBAColor(
      red: UInt8((sums.red + half) / sums.alpha), green: UInt8((sums.green + half) / sums.alpha),
      blue: UInt8((sums.blue + half) / sums.alpha),
      alpha: UInt8(sums.alpha / (columns.count * rows.count)))
  }
}
