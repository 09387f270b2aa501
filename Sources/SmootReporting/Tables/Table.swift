/// Rows of named columns, which can be written for terminals, as Markdown and as CSV.
public struct Table: Codable, Equatable, Sendable {
  /// Where a column's text stands.
  public enum Alignment: String, Codable, Sendable {
    /// At the left, for words.
    case left
    /// At the right, for numbers.
    case right
  }

  /// What a column is called and where its text stands.
  public struct Column: Codable, Equatable, Sendable {
    /// The heading.
    public var name: String
    /// Where the text stands.
    public var alignment: Alignment

    /// Makes a column.
    public init(_ name: String, _ alignment: Alignment = .left) {
      self.name = name
      self.alignment = alignment
    }
  }

  /// One entry.
  public enum Cell: Codable, Equatable, Sendable {
    /// Words.
    case text(String)
    /// A whole number; people see it in groups of three digits.
    case integer(Int)
    /// A number; people see `digits` digits after the point, files see all.
    case real(Double, digits: Int)
    /// Nothing; people see a dash, files an empty field.
    case missing

    /// What people see.
    var display: String {
      switch self {
      case .text(let text): text
      case .integer(let value): NumberFormat.grouped(value)
      case .real(let value, let digits): NumberFormat.fixed(value, digits: digits)
      case .missing: "-"
      }
    }

    /// What programs read.
    var exact: String {
      switch self {
      case .text(let text): text
      case .integer(let value): String(value)
      case .real(let value, _): NumberFormat.shortest(value)
      case .missing: ""
      }
    }
  }

  /// What the table shows.
  public var title: String?
  /// The columns from left to right.
  public let columns: [Column]
  /// The rows from top to bottom, each with an entry for each column.
  public private(set) var rows: [[Cell]] = []

  /// Makes a table without rows.
  public init(title: String? = nil, columns: [Column]) {
    precondition(!columns.isEmpty, "a table needs a column")
    self.title = title
    self.columns = columns
  }

  /// Adds a row at the bottom; it must have an entry for each column.
  public mutating func append(_ row: [Cell]) {
    precondition(
      row.count == columns.count,
      "a row of \(row.count) entries does not fit \(columns.count) columns")
    rows.append(row)
  }
}
