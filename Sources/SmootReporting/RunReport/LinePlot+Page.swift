extension LinePlot {
  /// The plot in the extents of the figures of a page.
  func small() -> LinePlot {
    var plot = self
    (plot.width, plot.height) = (440, 310)
    plot.keepsLegendBelow = true
    return plot
  }
}
