/// Where the tokens of a transformer lie: some that stand for the whole image, then one for each patch, row by row.
public struct TokenGrid: Sendable, Hashable {
  /// Tokens before those of the patches: the class token, and perhaps a distillation token.
  public var prefix: Int
  /// Rows of patches.
  public var rows: Int
  /// Columns of patches.
  public var columns: Int

  /// Makes a grid.
  public init(prefix: Int, rows: Int, columns: Int) {
    self.prefix = prefix
    self.rows = rows
    self.columns = columns
  }

  /// How many tokens an image has.
  public var count: Int { prefix + rows * columns }
}
