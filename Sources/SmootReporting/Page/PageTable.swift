/// A table of a page.
public struct PageTable: Sendable {
  /// An entry.
  public struct Cell: Sendable, Equatable {
    /// What is written; an empty text is shown as a dash.
    public var text: String
    /// A second line in smaller type, such as an interval; may be empty.
    public var detail: String
    /// How good it is: 0 for the worst, 1 for the best; nil without a colour.
    public var goodness: Double?

    /// Makes an entry.
    public init(_ text: String, detail: String = "", goodness: Double? = nil) {
      self.text = text
      self.detail = detail
      self.goodness = goodness
    }
  }

  /// Entries side by side.
  public struct Row: Sendable, Equatable {
    /// What the entries are about.
    public var heading: String
    /// More about it in smaller type; may be empty.
    public var detail: String
    /// The entries from left to right, without the heading.
    public var cells: [Cell]

    /// Makes a row.
    public init(_ heading: String, detail: String = "", cells: [Cell]) {
      self.heading = heading
      self.detail = detail
      self.cells = cells
    }
  }

  /// Rows that belong together.
  public struct Group: Sendable, Equatable {
    /// What the rows have in common; may be empty.
    public var heading: String
    /// The rows from top to bottom.
    public var rows: [Row]

    /// Makes a group.
    public init(_ heading: String, rows: [Row]) {
      self.heading = heading
      self.rows = rows
    }
  }

  /// What the table shows.
  public var caption: String
  /// What the rows' headings are; the heading above them.
  public var corner: String
  /// The columns, without that of the rows' headings.
  public var columns: [Table.Column]
  /// The rows.
  public var groups: [Group]

  /// Makes a table.
  public init(
    caption: String, corner: String, columns: [Table.Column], groups: [Group]
  ) {
    for row in groups.flatMap(\.rows) {
      precondition(
        row.cells.count == columns.count,
        "a row of \(row.cells.count) entries does not fit \(columns.count) columns")
    }
    self.caption = caption
    self.corner = corner
    self.columns = columns
    self.groups = groups
  }

  /// Makes a table of rows without groups.
  public init(
    caption: String, corner: String, columns: [Table.Column], rows: [Row]
  ) {
    self.init(
      caption: caption, corner: corner, columns: columns, groups: [Group("", rows: rows)])
  }

  func markup(name: String) -> Markup {
    let head = columns.map { column in
      Markup.element(
        "th", ["scope": "col", "class": column.alignment == .right ? "number" : nil],
        text: column.name)
    }
    let first = Markup.element("th", ["scope": "col"], text: corner)
    let table = Markup.element(
      "table", ["aria-labelledby": "\(name)-caption"],
      .lines(
        [
          .element("thead", [:], .element("tr", [:], .lines([first] + head)))
        ] + groups.map(markup)))
    return .captioned(table, caption, name: name)
  }

  private static func style(_ column: Table.Column, _ cell: Cell) -> String? {
    let isLong = cell.text.split(separator: " ").contains { $0.count > longestWord }
    let names = [
      column.alignment == .right ? "number" : nil, cell.goodness == nil ? nil : "scored",
      isLong ? "long" : nil,
    ].compactMap(\.self)
    return names.isEmpty ? nil : names.joined(separator: " ")
  }

  /// Longer words, such as digests, are broken where a line ends.
  private static let longestWord = 24

  private func markup(_ group: Group) -> Markup {
    let title =
      group.heading.isEmpty
      ? []
      : [
        Markup.element(
          "tr", ["class": "group"],
          .element(
            "th", ["scope": "rowgroup", "colspan": "\(columns.count + 1)"], text: group.heading))
      ]
    return .element("tbody", [:], .lines(title + group.rows.map(markup)))
  }

  private func markup(_ row: Row) -> Markup {
    let heading = Markup.element("th", ["scope": "row"], Self.lines(row.heading, row.detail))
    let cells = zip(columns, row.cells).map { column, cell in
      let style = cell.goodness.map { "--g:\(NumberFormat.fixed(min(max($0, 0), 1), digits: 2))" }
      return Markup.element(
        "td", ["class": Self.style(column, cell), "style": style],
        Self.lines(cell.text, cell.detail))
    }
    return .element("tr", [:], .lines([heading] + cells))
  }

  private static func lines(_ text: String, _ detail: String) -> Markup {
    let first = Markup.text(text.isEmpty ? "–" : text)
    return detail.isEmpty ? first : first + .element("small", text: detail)
  }
}
