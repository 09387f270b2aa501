extension String {
  /// The path of the folder that the last component of this path lies in: empty for a single component, `/` for one in the root and for the root.
  ///
  /// Foundation's `deletingLastPathComponent` stops the program for a path of a single letter.
  package var parentFolder: String {
    func trimmed(_ path: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
      path.lastIndex { $0 != "/" }.map { path[...$0] } ?? path.prefix(0)
    }
    let components = trimmed(Substring(self).unicodeScalars)
    guard let slash = components.lastIndex(of: "/") else {
      return components.isEmpty && hasPrefix("/") ? "/" : ""
    }
    let parent = trimmed(components[..<slash])
    return parent.isEmpty ? "/" : String(Substring(parent))
  }
}
