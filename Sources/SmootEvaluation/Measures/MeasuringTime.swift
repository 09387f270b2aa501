/// Estimates how long the rest of a job of measures takes.
///
/// A part, a batch of one measure of one source, that was done before is expected to take as long again. What a part that nobody has seen takes follows from what is known: from the same
/// measure of another source, else from the passes and explanations that the measure says it needs, at the speed seen so far. Cheap measures come first, so a mean over
/// the parts seen would be far too small at first.
package struct MeasuringTime {
  /// A measure of a source.
  package struct Part: Hashable {
    package let source: String
    package let measure: String

    package init(source: String, measure: String) {
      self.source = source
      self.measure = measure
    }
  }

  /// What a batch of a part needs, by what the measure says.
  package struct Work {
    /// Forward passes, each of one image.
    package var passes: Double
    /// Explanations, each of one image.
    package var explanations: Double

    package init(passes: Double, explanations: Double) {
      self.passes = passes
      self.explanations = explanations
    }
  }

  private typealias Sum = (seconds: Double, count: Double)

  /// What a batch of each part needs.
  private let work: [Part: Work]
  private var parts: [Part: Sum] = [:]
  private var passes: Sum = (0, 0)
  /// What an explanation by each source takes.
  private var explanations: [String: Sum] = [:]
  /// The same from a first trial of a single image, which takes longer for each than a batch.
  private var trials: [String: Double] = [:]

  package init(_ work: [Part: Work]) { self.work = work }

  /// Learns how long a batch of a part took, without its maps.
  package mutating func add(_ part: Part, _ seconds: Double) {
    parts[part] = Self.sum(parts[part], seconds, 1)
  }

  /// Learns how long clean passes of images took.
  package mutating func add(passes count: Int, _ seconds: Double) {
    passes = Self.sum(passes, seconds, count)
  }

  /// Learns how long explanations of images took.
  package mutating func add(explanationsBy source: String, count: Int, _ seconds: Double) {
    explanations[source] = Self.sum(explanations[source], seconds, count)
  }

  /// Learns how long the explanation of a first image took.
  package mutating func add(trialOf source: String, _ seconds: Double) { trials[source] = seconds }

  private static func sum(_ known: Sum?, _ seconds: Double, _ count: Int) -> Sum {
    ((known?.seconds ?? 0) + seconds, (known?.count ?? 0) + Double(count))
  }

  /// The seconds of what is still to do; infinite while nothing is known.
  ///
  /// - Parameters:
  ///   - rest: how many batches of each part are left.
  ///   - images: how many images a batch has.
  package func seconds(_ rest: [Part: Int], images: Int) -> Double {
    var total = 0.0
    var mapBatches: [String: Int] = [:]
    for (part, count) in rest where count > 0 {
      guard let seconds = seconds(of: part) else { return .infinity }
      total += seconds * Double(count)
      mapBatches[part.source] = max(mapBatches[part.source] ?? 0, count)
    }
    for (source, count) in mapBatches {
      total += (explanation(by: source) ?? 0) * Double(images * count)
    }
    return total
  }

  /// How long a batch of a part takes; nil while nothing is known.
  private func seconds(of part: Part) -> Double? {
    if let known = parts[part] { return known.seconds / known.count }
    guard let work = work[part] else { return nil }
    if let similar = similar(to: part, work) { return similar }
    let pass = passes.count > 0 ? passes.seconds / passes.count : nil
    switch (pass, explanation(by: part.source)) {
    case (let pass?, let explanation?):
      return work.passes * pass + work.explanations * explanation
    case (let pass?, nil): return (work.passes + 3 * work.explanations) * pass
    case (nil, let explanation?): return (work.passes / 3 + work.explanations) * explanation
    case (nil, nil): return nil
    }
  }

  /// The mean time of the same measure of other sources, those that need explanations at the speed of this source's.
  private func similar(to part: Part, _ work: Work) -> Double? {
    let own = explanation(by: part.source)
    let times = parts.compactMap { other, sum -> Double? in
      guard other.measure == part.measure else { return nil }
      let mean = sum.seconds / sum.count
      guard work.explanations > 0 else { return mean }
      guard let own, let its = explanation(by: other.source), its > 0 else { return nil }
      return mean * own / its
    }
    return times.isEmpty ? nil : times.reduce(0, +) / Double(times.count)
  }

  private func explanation(by source: String) -> Double? {
    if let known = explanations[source], known.count > 0 { return known.seconds / known.count }
    return trials[source]
  }
}
