/// Cuts a line into the pieces of a dash pattern.
enum DashPattern {
  /// The pieces of a polyline that lie on dashes.
  ///
  /// - Parameters:
  ///   - points: the line.
  ///   - lengths: dash, gap, dash ... in the points' unit, repeated along the line; as it stands if
  ///     empty or all zero.
  static func pieces(of points: [Point], lengths: [Double]) -> [[Point]] {
    guard lengths.contains(where: { $0 > 0 }), let first = points.first else { return [points] }
    let cycle = lengths.count.isMultiple(of: 2) ? lengths : lengths + lengths
    var pieces: [[Point]] = []
    var current = [first]
    var place = 0
    var left = cycle[0]
    for (start, end) in zip(points, points.dropFirst()) {
      let length = (end - start).length
      var done = 0.0
      while length - done > left {
        done += left
        let cut = start + (end - start) * (done / length)
        if place.isMultiple(of: 2) { pieces.append(current + [cut]) }
        current = [cut]
        place = (place + 1) % cycle.count
        left = cycle[place]
      }
      left -= length - done
      current.append(end)
    }
    if place.isMultiple(of: 2) && current.count > 1 { pieces.append(current) }
    return pieces
  }
}
