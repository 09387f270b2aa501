/// Where a patch lies in a picture, in pixels.
public struct PatchRectangle: Sendable, Hashable, Codable {
  /// The first row.
  public let top: Int
  /// The first column.
  public let left: Int
  /// How many rows.
  public let height: Int
  /// How many columns.
  public let width: Int

  /// Places a patch.
  public init(top: Int, left: Int, height: Int, width: Int) {
    self.top = top
    self.left = left
    self.height = height
    self.width = width
  }

  /// Whether a pixel belongs to the patch.
  public func contains(row: Int, column: Int) -> Bool {
    (top..<top + height).contains(row) && (left..<left + width).contains(column)
  }
}
