/// How far the maps of several methods can be trusted, by several measures, for one or more runs.
public struct FaithfulnessReport: Codable, Equatable, Sendable {
  /// One number that a measure finds.
  public struct Score: Codable, Equatable, Sendable {
    /// The name in files, such as `insertion`.
    public var name: String
    /// The name in plots.
    public var title: String
    /// The measure that finds it.
    public var measure: String
    /// Which end is the good one: true for the lower one.
    public var isLowerBetter: Bool

    /// Describes a score.
    public init(name: String, title: String, measure: String, isLowerBetter: Bool) {
      self.name = name
      self.title = title
      self.measure = measure
      self.isLowerBetter = isLowerBetter
    }

    /// The name with an arrow that points to the better end.
    public var heading: String { "\(name) \(isLowerBetter ? "↓" : "↑")" }
  }

  /// A score of a method's maps under a run, over all images.
  public struct Entry: Codable, Equatable, Sendable {
    /// The run.
    public var run: String
    /// The method.
    public var method: String
    /// The score's name.
    public var score: String
    /// The mean over the images; nil where no image has the score.
    public var mean: Double?
    /// The lower end of the confidence interval.
    public var lower: Double?
    /// The upper end of the confidence interval.
    public var upper: Double?
    /// The standard deviation over images.
    public var standardDeviation: Double?
    /// How many images have the score.
    public var count: Int
    /// How many images have none.
    public var undefined: Int

    /// Gathers the numbers of a score.
    public init(
      run: String, method: String, score: String, mean: Double?, lower: Double?, upper: Double?,
      standardDeviation: Double?, count: Int, undefined: Int
    ) {
      self.run = run
      self.method = method
      self.score = score
      self.mean = mean
      self.lower = lower
      self.upper = upper
      self.standardDeviation = standardDeviation
      self.count = count
      self.undefined = undefined
    }
  }

  /// How long a measure took for a method's maps under a run; the making of the maps has a line of its own.
  public struct Time: Codable, Equatable, Sendable {
    /// The run.
    public var run: String
    /// The method.
    public var method: String
    /// The measure, or `maps`.
    public var measure: String
    /// Seconds for all images.
    public var seconds: Double

    /// Gathers a time.
    public init(run: String, method: String, measure: String, seconds: Double) {
      self.run = run
      self.method = method
      self.measure = measure
      self.seconds = seconds
    }
  }

  /// Everything that changes the numbers, by name.
  public var conditions: [String: String]
  /// The runs, in the order of tables.
  public var runs: [String]
  /// The methods, in the order of tables.
  public var methods: [String]
  /// Those of the methods that are controls.
  public var controls: [String]
  /// The scores, in the order of tables.
  public var scores: [Score]
  /// One number for each run, method and score that there is.
  public var entries: [Entry]
  /// How long everything took.
  public var times: [Time]
  /// The curves that scores were made from.
  public var curves: [Curve]

  /// Gathers what was measured.
  public init(
    conditions: [String: String], runs: [String], methods: [String], controls: [String],
    scores: [Score], entries: [Entry], times: [Time], curves: [Curve] = []
  ) {
    self.conditions = conditions
    self.runs = runs
    self.methods = methods
    self.controls = controls
    self.scores = scores
    self.entries = entries
    self.times = times
    self.curves = curves
  }

  /// The numbers of a score, if there are any.
  public func entry(_ run: String, _ method: String, _ score: String) -> Entry? {
    entries.first { $0.run == run && $0.method == method && $0.score == score }
  }

  /// The seconds of a measure for all methods of a run that it was taken of.
  func seconds(_ run: String, measure: String) -> Double? {
    let found = times.filter { $0.run == run && $0.measure == measure }
    return found.isEmpty ? nil : found.reduce(0) { $0 + $1.seconds }
  }
}
