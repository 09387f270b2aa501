/// What a misspelt word was probably meant to be.
///
/// - Parameters:
///   - word: what somebody wrote.
///   - words: what there is.
/// - Returns: the nearest of them, when at most a third of its letters (or two) must be put in, taken out or changed.
package func nearestWord(to word: String, among words: [String]) -> String? {
  let best = words.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
  guard let best, best.1 <= max(2, word.count / 3) else { return nil }
  return best.0
}

/// How many letters must be put in, taken out or changed (Levenshtein).
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
      diagonal = above
    }
  }
  return row[b.count]
}
