/// A surface that a figure's marks can be drawn on, one after the other.
package protocol Drawing {
  /// Draws a mark, given in points, over what is there.
  mutating func draw(_ mark: Mark)
}
