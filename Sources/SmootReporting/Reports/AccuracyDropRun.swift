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

  /// Makes a record.
  public init(
    run: String, method: String, seed: UInt64, fill: String, order: String,
    attribution: String? = nil, percent: [Double], curve: [Double], auc: Double
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
  }

  /// Whether the order is chance, against which others are held.
  public var isControl: Bool { order == Self.controlOrder }

  static let controlOrder = "random"

  /// Throws unless lengths fit, shares ascend and all numbers are finite.
  func validate() throws {
    guard percent.count == curve.count, !percent.isEmpty else {
      throw ReportingError(
        .badData,
        "run \(run): expected as many accuracies as shares and at least one, found \(curve.count) and \(percent.count)"
      )
    }
    guard (percent + curve + [auc]).allSatisfy(\.isFinite) else {
      throw ReportingError(
        .badData, "run \(run): expected finite numbers, found NaN or infinity; evaluate it again")
    }
    guard zip(percent, percent.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ReportingError(
        .badData, "run \(run): expected ascending shares of pixels, found \(percent)")
    }
  }
}
