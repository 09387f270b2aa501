extension RunReport {
  /// Accuracy, loss and divergence over epochs.
  var learningCurves: PageSection {
    let figures = Self.panels.compactMap { panel -> PageFigure? in
      figure(panel.quantity, title: panel.title, label: panel.label)
    }
    let hasBands = RunGroup.groups(of: runs).contains { $0.runs.count > 1 }
    let words =
      "Numbers of metrics.jsonl after each epoch. Accuracy on training images is that of the training passes themselves, with everything that training does to images and network."
    let bands =
      " Runs that differ in the seed alone are one line: their mean, with a band of one sample standard deviation to both sides."
    return PageSection(
      "learning", title: "Learning curves",
      figures.isEmpty
        ? [.missing("no run has an epoch in its metrics.jsonl.")]
        : [.paragraph(words + (hasBands ? bands : "")), .figures(figures)])
  }

  private static let panels: [(quantity: ReportedRun.Quantity, title: String, label: String)] = [
    (.testAccuracy, "Accuracy on test images", "accuracy (%)"),
    (.validationAccuracy, "Accuracy on validation images", "accuracy (%)"),
    (.trainAccuracy, "Accuracy on training images", "accuracy (%)"),
    (.loss, "Training loss", "loss"),
    (.testLoss, "Cross-entropy on test images", "cross-entropy"),
    (.divergence, "Divergence between clean and masked predictions", "KL divergence"),
    (.learningRate, "Learning rate", "learning rate"),
  ]

  private func figure(
    _ quantity: ReportedRun.Quantity, title: String, label: String
  ) -> PageFigure? {
    let lines = RunGroup.groups(of: runs).compactMap { $0.line(quantity) }
    guard lines.contains(where: { $0.y.contains { $0 != 0 } }) else { return nil }
    // A rate that never changes is in the settings.
    if quantity == .learningRate, Set(lines.flatMap(\.y)).count == 1 { return nil }
    return PageFigure(Self.overEpochs(lines, label: label).figure(), title: title)
  }

  /// A small plot over epochs.
  static func overEpochs(_ lines: [LineSeries], label: String) -> LinePlot {
    var plot = LinePlot(title: "", xLabel: "epoch", yLabel: label, series: lines)
    plot.isWholeX = true
    let last = lines.flatMap(\.x).max() ?? 1
    plot.xRange = last > 1 ? 1 - (last - 1) * 0.04...last + (last - 1) * 0.04 : 0.5...1.5
    return plot.small()
  }
}
