extension RunReport {
  /// Pictures with maps.
  var pictureSection: PageSection {
    var blocks: [PageBlock] = pictures.isEmpty ? [.missing("no pictures were asked for.")] : []
    for part in pictures {
      switch part {
      case .missing(let reason): blocks.append(.missing(reason))
      case .shown(let title, let explanation, let table):
        blocks += [.heading(title), .paragraph(explanation), .pictures(table)]
      }
    }
    return PageSection("pictures", title: "Predictions and their maps", blocks)
  }
}
