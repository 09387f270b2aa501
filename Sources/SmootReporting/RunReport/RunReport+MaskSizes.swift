extension RunReport {
  /// How the mask sizes of SMOOT's images went.
  var maskSizes: PageSection {
    let adaptive = runs.filter { run in
      run.epochs.contains { $0.values[.medianMaskSize] != nil || $0.maskSizes != nil }
    }
    guard !adaptive.isEmpty else {
      return PageSection(
        "mask-sizes", title: "Mask sizes",
        [.missing("no run has mask sizes that adapt to its images (--method smoot).")])
    }
    var figures: [PageFigure] = []
    if let figure = courseFigure(adaptive) { figures.append(figure) }
    if let figure = lastFigure(adaptive) { figures.append(figure) }
    figures += adaptive.compactMap(densityFigure)
    var blocks: [PageBlock] = [
      .paragraph(
        "k is how many elements of an image are masked; it adapts to each training image between the bounds that k-min and k-max set."
      ), .figures(figures),
    ]
    for run in adaptive {
      let known = run.epochs.filter { $0.maskSizes != nil }.map { "\($0.number)" }
      guard known.count < run.epochs.count else { continue }
      let which = known.isEmpty ? "no epoch" : "epoch \(known.joined(separator: ", ")) only"
      blocks.append(
        .missing(
          "\(run.name): how many images have which mask size is known for \(which); the run's metrics.jsonl does not hold it for all."
        ))
    }
    return PageSection("mask-sizes", title: "Mask sizes", blocks)
  }

  /// Medians over epochs, with a band from the least to the greatest.
  private func courseFigure(_ runs: [ReportedRun]) -> PageFigure? {
    let lines = runs.compactMap { run -> LineSeries? in
      let known = run.epochs.compactMap { epoch -> (Double, Double, Double, Double)? in
        guard let least = epoch.values[.leastMaskSize], let median = epoch.values[.medianMaskSize],
          let greatest = epoch.values[.greatestMaskSize]
        else { return nil }
        return (Double(epoch.number), least, median, greatest)
      }
      guard !known.isEmpty else { return nil }
      return LineSeries(
        name: run.name, x: known.map(\.0), y: known.map(\.2),
        band: (known.map(\.1), known.map(\.3)))
    }
    guard !lines.isEmpty else { return nil }
    return PageFigure(
      Self.overEpochs(lines, label: "k (mask elements)").figure(),
      title: "Median mask size over epochs",
      caption: "The band goes from the least to the greatest.")
  }

  /// The last known histogram of each run, as outlines.
  private func lastFigure(_ runs: [ReportedRun]) -> PageFigure? {
    let last = runs.compactMap { run in
      run.epochs.last { $0.maskSizes != nil }.flatMap { epoch in
        epoch.maskSizes.map { (run.name, epoch.number, $0) }
      }
    }
    guard !last.isEmpty else { return nil }
    let lines = last.map { name, epoch, all in
      let sizes = Self.occupied([all])[0]
      let width = (sizes.upper - sizes.lower) / Double(sizes.counts.count)
      // Without a range all images have one size, which gets a bar of width 1.
      let (start, step) = width > 0 ? (sizes.lower, width) : (sizes.lower - 0.5, 1)
      let edges = (0...sizes.counts.count).map { start + step * Double($0) }
      let shares = sizes.percent
      return LineSeries(
        name: "\(name), epoch \(epoch)",
        x: [edges[0]] + shares.indices.flatMap { [edges[$0], edges[$0 + 1]] } + [
          edges[edges.count - 1]
        ],
        y: [0] + shares.flatMap { [$0, $0] } + [0])
    }
    let plot = LinePlot(
      title: "", xLabel: "k (mask elements)", yLabel: "training images (%)", series: lines)
    return PageFigure(
      plot.small().figure(), title: "Mask sizes in the end",
      caption:
        "Share of the training images in each of \(last[0].2.counts.count) equal intervals between the bounds; the axis spans those with images."
    )
  }

  /// Histograms without the intervals at both ends in which none of them has an image, but for one.
  private static func occupied(_ all: [ReportedRun.MaskSizes]) -> [ReportedRun.MaskSizes] {
    let places = all.flatMap { sizes in sizes.counts.indices.filter { sizes.counts[$0] > 0 } }
    return all.map { sizes in
      guard let first = places.min(), let last = places.max() else { return sizes }
      let range = max(0, first - 1)..<min(sizes.counts.count, last + 2)
      let width = (sizes.upper - sizes.lower) / Double(sizes.counts.count)
      var part = sizes
      part.counts = Array(sizes.counts[range])
      part.lower = sizes.lower + width * Double(range.lowerBound)
      part.upper = sizes.lower + width * Double(range.upperBound)
      return part
    }
  }

  /// All histograms of a run, if there are several.
  private func densityFigure(_ run: ReportedRun) -> PageFigure? {
    let known = run.epochs.compactMap { epoch in
      epoch.maskSizes.map { (epoch.number, $0) }
    }
    guard known.count > 1, let first = known.first?.1,
      known.allSatisfy({
        ($0.1.lower, $0.1.upper, $0.1.counts.count) == (
          first.lower, first.upper, first.counts.count
        )
      }),
      first.lower < first.upper, known.allSatisfy({ $0.0 - known[0].0 < 10_000 })
    else { return nil }
    let shown = Self.occupied(known.map(\.1))
    let plot = DensityPlot(
      xLabel: "epoch", yLabel: "k (mask elements)", colorLabel: "training images (%)",
      columns: zip(known, shown).map { (place: $0.0, values: $1.percent) },
      yRange: shown[0].lower...shown[0].upper)
    return PageFigure(
      plot.figure(), title: "Mask sizes over epochs: \(run.name)",
      caption: "Each column is the histogram of an epoch; colours follow the square root.")
  }
}
