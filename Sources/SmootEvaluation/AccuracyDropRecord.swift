/// The accuracy-drop curve of a model: one of the `runs` that `smoot auc --json` prints.
public struct AccuracyDropRecord: Codable, Sendable, Equatable {
  /// The run, or the file of the weights.
  public let run: String
  /// How the model was trained, as its run says.
  public let training: String
  /// What ordered the pixels: `gradient`, or `random` for the control.
  public let method: String
  public let fill: String
  public let order: String
  /// How many images were measured.
  public let count: Int
  /// The shares of removed pixels, in percent.
  public let percent: [Int]
  /// The accuracies, in percent.
  public let curve: [Double]
  /// The area under the curve.
  public let auc: Double

  /// Makes a record.
  public init(
    run: String, training: String, method: String, options: AccuracyDrop.Options, count: Int,
    curve: [Double], auc: Double
  ) {
    self.run = run
    self.training = training
    self.method = method
    fill = options.fill.rawValue
    order = options.order.rawValue
    self.count = count
    percent = options.percent
    self.curve = curve
    self.auc = auc
  }
}
