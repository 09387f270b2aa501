extension LineSeries {
  /// The means of several numbers at each place, with a band of one sample standard deviation to both sides where every place has two or more.
  init(name: String, x: [Double], meansOf columns: [[Double]]) {
    let means = columns.map(Statistics.mean)
    let deviations = columns.compactMap(Statistics.standardDeviation)
    let hasBand = deviations.count == columns.count
    self.init(
      name: name, x: x, y: means,
      band: hasBand
        ? (zip(means, deviations).map { $0 - $1 }, zip(means, deviations).map { $0 + $1 }) : nil)
  }
}
