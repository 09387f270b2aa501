/// What a report says about one run.
public struct ReportedRun: Sendable, Equatable {
  /// A setting with where it came from.
  public struct Setting: Sendable, Equatable {
    /// The name, such as `mask-fraction`.
    public var name: String
    /// The value that held, as text; empty where there is none.
    public var value: String
    /// Where it came from: `default`, `flag`, a file's place, ...
    public var origin: String

    /// Makes a setting.
    public init(name: String, value: String, origin: String) {
      self.name = name
      self.value = value
      self.origin = origin
    }
  }

  /// How an epoch went.
  public struct Epoch: Sendable, Equatable {
    /// The epoch, counted from 1.
    public var number: Int
    /// Numbers by their names.
    public var values: [Quantity: Double]
    /// How many training images have which mask size; nil where that was not recorded.
    public var maskSizes: MaskSizes?

    /// Makes an epoch.
    public init(number: Int, values: [Quantity: Double], maskSizes: MaskSizes? = nil) {
      self.number = number
      self.values = values
      self.maskSizes = maskSizes
    }
  }

  /// A number that each epoch has.
  public enum Quantity: Sendable, CaseIterable {
    case testAccuracy, validationAccuracy, trainAccuracy, loss, testLoss, divergence, learningRate
    case leastMaskSize, medianMaskSize, greatestMaskSize
  }

  /// How many images have mask sizes in intervals of equal width.
  public struct MaskSizes: Sendable, Equatable {
    /// The lower edge of the first interval, in mask elements.
    public var lower: Double
    /// The upper edge of the last interval.
    public var upper: Double
    /// How many images there are in each interval; one or more intervals.
    public var counts: [Int]
    /// How many images there are in all.
    var total: Int

    /// Gathers counts; nil unless there are intervals between finite edges.
    public init?(lower: Double, upper: Double, counts: [Int]) {
      guard abs(lower) <= 1e30, abs(upper) <= 1e30, lower <= upper, !counts.isEmpty,
        counts.allSatisfy({ (0...1 << 40).contains($0) }), counts.count <= 4096,
        counts.contains(where: { $0 > 0 })
      else { return nil }
      self.lower = lower
      self.upper = upper
      self.counts = counts
      total = counts.reduce(0, +)
    }

    /// The share of images in each interval, in percent.
    var percent: [Double] { counts.map { 100 * Double($0) / Double(max(total, 1)) } }
  }

  /// The name in tables and figures, different for each run of a report.
  public var name: String
  /// The folder.
  public var path: String
  /// All settings, in the order of the program's help.
  public var settings: [Setting]
  /// The epochs, in order.
  public var epochs: [Epoch]
  /// Facts for whoever makes the run again: versions, digests, machine; names and values in the order in which they are shown.
  public var facts: [Fact]
  /// The command that makes the run again; nil if the settings are not known.
  public var command: String?
  /// How the run ended, in a word or a few.
  public var outcome: String
  /// What the report could not find or read, each in a sentence.
  public var missing: [String]

  /// A fact with its name.
  public struct Fact: Sendable, Equatable {
    /// What it is.
    public var name: String
    /// The fact.
    public var value: String

    /// Makes a fact.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Gathers what is known about a run.
  public init(
    name: String, path: String, settings: [Setting] = [], epochs: [Epoch] = [],
    facts: [Fact] = [], command: String? = nil, outcome: String = "", missing: [String] = []
  ) {
    self.name = name
    self.path = path
    self.settings = settings
    self.epochs = epochs
    self.facts = facts
    self.command = command
    self.outcome = outcome
    self.missing = missing
  }

  /// The value of a setting; nil if it is not known or empty.
  public func setting(_ name: String) -> String? {
    settings.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// The last epoch's value.
  func last(_ quantity: Quantity) -> Double? { epochs.last?.values[quantity] }
}
