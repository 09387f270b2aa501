/// The accuracy-drop curve of one trained network: how its accuracy falls as the pixels that its
/// maps rank highest are replaced.
public struct AccuracyDropRun: Codable, Equatable, Sendable {
  /// The run's name.
  public var run: String
  /// How the network was trained, such as `traditional`, `sgt` or `smoot`.
  public var method: String
  /// The training's seed.
  public var seed: UInt64
  /// What replaced pixels, such as `corner`.
  public var fill: String
  /// How pixels were ranked, such as `abs`, `signed` or `random`, which is the control.
  public var order: String
  /// The method that made the maps, such as `gradient`; nil if the report has only one.
  public var attribution: String?
  /// Shares of pixels replaced, in percent, ascending.
  public var percent: [Double]
  /// Accuracy at each share, in percent.
  public var curve: [Double]
  /// The area under the curve, in the unit that the evaluation states.
  public var auc: Double

  /// How many images the accuracies are of; nil if that was not recorded.
  public var images: Int?

  /// Makes a record.
  public init(
    run: String, method: String, seed: UInt64, fill: String, order: String,
    attribution: String? = nil, percent: [Double], curve: [Double], auc: Double,
    images: Int? = nil
  ) {
    self.run = run
    self.method = method
    self.seed = seed
    self.fill = fill
    self.order = order
    self.attribution = attribution
    self.percent = percent
    self.curve = curve
    self.auc = auc
    self.images = images
  }

  /// Whether the order is chance, against which others are held.
  public var isControl: Bool { order == Self.controlOrder }

  static let controlOrder = "random"

  /// Between which accuracies the network's true accuracy at each share probably is (95 %), given how many images it was measured on; nil if that is not known.
  ///
  /// Wilson, Probable inference, the law of succession, and statistical inference (1927).
  var interval: (low: [Double], high: [Double])? {
    guard let images, images > 0 else { return nil }
    let (z, count) = (1.959964, Double(images))
    let edges = curve.map { accuracy -> (low: Double, high: Double) in
      let share = min(max(accuracy / 100, 0), 1)
      let center = share + z * z / (2 * count)
      let reach = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
      let scale = 100 / (1 + z * z / count)
      return (max(0, (center - reach) * scale), min(100, (center + reach) * scale))
    }
    return (edges.map(\.low), edges.map(\.high))
  }

  /// Throws unless lengths fit, shares ascend and all numbers are finite.
  func validate() throws {
    guard percent.count == curve.count, !percent.isEmpty else {
      throw ReportingError(
        .badData,
        "run \(run): expected as many accuracies as shares and at least one, found \(curve.count) and \(percent.count)"
      )
    }
    guard (percent + curve + [auc]).allSatisfy({ abs($0) <= 1e30 }) else {
      throw ReportingError(
        .badData, "run \(run): expected finite numbers, found NaN or infinity; evaluate it again")
    }
    guard zip(percent, percent.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ReportingError(
        .badData, "run \(run): expected ascending shares of pixels, found \(percent)")
    }
  }
}
