/// Rows and columns of small pictures with titles, enlarged so that each pixel is a square.
public struct ImageGrid: Sendable {
  /// One picture of the grid.
  public struct Cell: Sendable {
    /// The picture.
    public var image: RGBAImage
    /// A line under the picture, such as the prediction; may be empty.
    public var caption: String
    /// A word on the picture, such as "all zero"; nil for none.
    public var note: String?

    /// Makes a cell of a picture.
    public init(_ image: RGBAImage, caption: String = "", note: String? = nil) {
      self.image = image
      self.caption = caption
      self.note = note
    }

    /// Makes a cell of an attribution map, with its note.
    public init(_ heatmap: Heatmap, caption: String = "") {
      self.init(heatmap.image, caption: caption, note: heatmap.note)
    }
  }

  /// Pictures side by side.
  public struct Row: Sendable {
    /// What the pictures have in common; stands at the left.
    public var label: String
    /// The pictures from left to right; nil leaves a place empty.
    public var cells: [Cell?]

    /// Makes a row.
    public init(label: String = "", cells: [Cell?]) {
      self.label = label
      self.cells = cells
    }
  }

  /// What the grid shows.
  public var title: String
  /// Conditions that hold for all pictures; may be empty.
  public var subtitle: String
  /// Titles above the columns; may be empty.
  public var columns: [String]
  /// The rows from top to bottom.
  public var rows: [Row]
  /// The scale that all maps of the grid share; nil if there are none.
  public var colorBar: ColorBar?
  /// How many points a pixel measures; nil for a size that suits the widest picture: 3 up to 48
  /// pixels, 1 up to 128, else 0.5.
  public var magnification: Double?
  /// Points between pictures.
  public var gap = 6.0

  /// Makes a grid.
  public init(
    title: String, subtitle: String = "", columns: [String] = [], rows: [Row],
    colorBar: ColorBar? = nil, magnification: Double? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.columns = columns
    self.rows = rows
    self.colorBar = colorBar
    self.magnification = magnification
  }

  /// The finished drawing.
  public func figure() -> Figure {
    let layout = ImageGridLayout(self)
    var figure = Figure(width: layout.width, height: layout.height, summary: title)
    let heading = FigureHeading(title: title, subtitle: subtitle)
    figure.add(contentsOf: heading.marks(x: layout.margin, y: 10, width: layout.contentWidth))
    figure.add(contentsOf: layout.columnTitles(columns))
    for (index, row) in rows.enumerated() {
      figure.add(contentsOf: layout.rowLabel(row.label, row: index))
      for (column, cell) in row.cells.enumerated() {
        if let cell { figure.add(contentsOf: layout.marks(of: cell, row: index, column: column)) }
      }
    }
    if let colorBar {
      let corner = Point(layout.margin, layout.barTop)
      figure.add(contentsOf: colorBar.marks(at: corner, width: layout.contentWidth))
    }
    return figure
  }
}
