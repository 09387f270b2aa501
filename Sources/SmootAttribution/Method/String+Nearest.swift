extension String {
  /// The word that this misspelt one was meant to be, if one is near enough.
  func nearest(among words: [String]) -> String? {
    let best = words.map { ($0, distance(to: $0)) }.min { $0.1 < $1.1 }
    guard let best, best.1 <= Swift.max(2, count / 3) else { return nil }
    return best.0
  }

  /// How many letters must be put in, taken out or changed (Levenshtein).
  private func distance(to other: String) -> Int {
    let (a, b) = (Array(self), Array(other))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = Swift.min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
