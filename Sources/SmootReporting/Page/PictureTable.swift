import Foundation

/// Pictures in rows and columns with their words.
public struct PictureTable: Sendable {
  /// A picture.
  public struct Cell: Sendable {
    /// The picture.
    public var image: RGBAImage
    /// What it shows, for readers that cannot see it.
    public var description: String
    /// What stands below it; may be empty.
    public var caption: String
    /// Whether the caption tells of a mistake.
    public var isWrong: Bool

    /// Makes a picture with its words.
    public init(
      _ image: RGBAImage, description: String, caption: String = "", isWrong: Bool = false
    ) {
      self.image = image
      self.description = description
      self.caption = caption
      self.isWrong = isWrong
    }
  }

  /// Pictures side by side.
  public struct Row: Sendable {
    /// What the pictures have in common.
    public var heading: String
    /// More about it; may be empty.
    public var detail: String
    /// The pictures from left to right.
    public var cells: [Cell]

    /// Makes a row.
    public init(_ heading: String, detail: String = "", cells: [Cell]) {
      self.heading = heading
      self.detail = detail
      self.cells = cells
    }
  }

  /// What the pictures show.
  public var caption: String
  /// The heading above the rows' headings.
  public var corner: String
  /// The headings of the columns.
  public var columns: [String]
  /// The rows.
  public var rows: [Row]
  /// The scale of the maps among the pictures; nil if there are none.
  public var colorBar: ColorBar?

  /// Makes a table of pictures.
  public init(
    caption: String, corner: String, columns: [String], rows: [Row], colorBar: ColorBar? = nil
  ) {
    for row in rows {
      precondition(
        row.cells.count == columns.count,
        "a row of \(row.cells.count) pictures does not fit \(columns.count) columns")
    }
    self.caption = caption
    self.corner = corner
    self.columns = columns
    self.rows = rows
    self.colorBar = colorBar
  }

  /// The widest that a picture is stored, in pixels; what is larger is made smaller.
  private static let pixelLimit = 160
  /// How wide a picture is shown, in points.
  private static let width = 96

  func markup(name: String) throws -> Markup {
    let head = ([corner] + columns).map { Markup.element("th", ["scope": "col"], text: $0) }
    let rows = try rows.map { row in
      let detail = row.detail.isEmpty ? Markup.empty : .element("small", text: row.detail)
      let heading = Markup.element("th", ["scope": "row"], .text(row.heading) + detail)
      return Markup.element("tr", [:], .lines([heading] + (try row.cells.map(Self.markup))))
    }
    let table = Markup.element(
      "table",
      [
        "class": "pictures", "aria-labelledby": "\(name)-caption",
        "style": "--columns:\(max(1, columns.count))",
      ],
      .lines([
        .element("thead", [:], .element("tr", [:], .lines(head))),
        .element("tbody", [:], .lines(rows)),
      ]))
    let scroll = Markup.captioned(table, caption, name: name)
    guard let colorBar else { return scroll }
    let bar = try colorBar.figure(width: 420).svg(namespace: "\(name)-bar")
    return scroll + .element("div", ["class": "scale"], Markup(source: bar))
  }

  private static func markup(_ cell: Cell) throws -> Markup {
    let image = stored(cell.image)
    let isSmall = image.width <= 64
    let height = max(1, width * image.height / max(image.width, 1))
    let picture = Markup.element(
      "img",
      [
        "src": "data:image/png;base64," + (try image.pngData().base64EncodedString()),
        "alt": cell.description, "width": "\(width)", "height": "\(height)",
        "class": isSmall ? "pixels" : nil,
      ])
    let caption =
      cell.caption.isEmpty
      ? Markup.empty
      : .element("small", ["class": cell.isWrong ? "wrong" : nil], text: cell.caption)
    return .element("td", [:], picture + caption)
  }

  /// The picture in the extents in which the page holds it.
  private static func stored(_ image: RGBAImage) -> RGBAImage {
    let side = max(image.width, image.height)
    guard side > pixelLimit else { return image }
    return image.resized(
      width: max(1, image.width * pixelLimit / side),
      height: max(1, image.height * pixelLimit / side))
  }
}
