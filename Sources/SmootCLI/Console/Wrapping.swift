/// Words in lines of a width, with commas between them.
func wrapped(_ words: [String], width: Int) -> [String] {
  words.reduce(into: []) { lines, word in
    if let last = lines.last, last.count + word.count + 2 <= width {
      lines[lines.count - 1] = "\(last), \(word)"
    } else {
      lines.append(word)
    }
  }
}
