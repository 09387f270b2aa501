/// How several networks bear distorted images: scores at growing levels of several distortions.
///
/// Runs with the same group are averaged: trainings that differ only in their seed.
public struct RobustnessReport: Codable, Equatable, Sendable {
  /// A trained network.
  public struct Run: Codable, Equatable, Sendable {
    /// The run's name.
    public var run: String
    /// What tells its training from others but for the seed.
    public var group: String
    /// The training's seed.
    public var seed: UInt64
    /// The share of keys or weights that its attention head drops in training, if it has such a head.
    public var maskRatio: Double?
    /// The network and its head, such as `cnn dropkey`.
    public var head: String?

    /// Makes a run.
    public init(
      run: String, group: String, seed: UInt64, maskRatio: Double? = nil, head: String? = nil
    ) {
      self.run = run
      self.group = group
      self.seed = seed
      self.head = head
      self.maskRatio = maskRatio
    }

    enum CodingKeys: String, CodingKey {
      case run, group, seed, head
      case maskRatio = "mask_ratio"
    }
  }

  /// A distortion and what its levels are.
  public struct Distortion: Codable, Equatable, Sendable {
    /// The name, such as `noise`.
    public var name: String
    /// What its levels measure, such as `variance of the noise`.
    public var quantity: String
    /// The levels, ascending or descending from the one that changes nothing.
    public var levels: [Double]

    /// Makes a distortion.
    public init(name: String, quantity: String, levels: [Double]) {
      self.name = name
      self.quantity = quantity
      self.levels = levels
    }
  }

  /// A score, such as `confidence`.
  public struct Score: Codable, Equatable, Sendable {
    /// The name in files.
    public var name: String
    /// What it measures, with its unit.
    public var quantity: String
    /// What its axis spans.
    public var top: Double

    /// Makes a score from 0 to a top.
    public init(name: String, quantity: String, top: Double) {
      self.name = name
      self.quantity = quantity
      self.top = top
    }
  }

  /// A number: a score of a run under a distortion.
  public struct Entry: Codable, Equatable, Sendable {
    /// The run's name.
    public var run: String
    /// The distortion's name.
    public var distortion: String
    /// Its level.
    public var level: Double
    /// The score's name.
    public var score: String
    /// The mean over images; nil where none has the score.
    public var mean: Double?
    /// How many images have it.
    public var count: Int

    /// Makes an entry.
    public init(
      run: String, distortion: String, level: Double, score: String, mean: Double?, count: Int
    ) {
      self.run = run
      self.distortion = distortion
      self.level = level
      self.score = score
      self.mean = mean
      self.count = count
    }
  }

  /// Everything that changes the numbers.
  public var conditions: [String: String]
  /// The networks in the order in which they are listed and drawn.
  public var runs: [Run]
  /// The distortions.
  public var distortions: [Distortion]
  /// The scores.
  public var scores: [Score]
  /// All numbers.
  public var entries: [Entry]

  /// Makes a report.
  public init(
    conditions: [String: String], runs: [Run], distortions: [Distortion], scores: [Score],
    entries: [Entry]
  ) {
    self.conditions = conditions
    self.runs = runs
    self.distortions = distortions
    self.scores = scores
    self.entries = entries
  }

  /// The groups in the order of their first run.
  public var groups: [String] {
    runs.reduce(into: []) { if !$0.contains($1.group) { $0.append($1.group) } }
  }

  /// The numbers of the runs of a group at a level, those that there are.
  func values(_ group: String, _ distortion: String, _ level: Double, _ score: String) -> [Double] {
    let members = Set(runs.filter { $0.group == group }.map(\.run))
    return entries.filter {
      members.contains($0.run) && $0.distortion == distortion && $0.level == level
        && $0.score == score
    }.compactMap(\.mean)
  }

  /// The curve of one run, where it has numbers.
  func curve(_ run: String, _ distortion: Distortion, _ score: String) -> [(Double, Double)] {
    distortion.levels.compactMap { level in
      entries.first {
        $0.run == run && $0.distortion == distortion.name && $0.level == level
          && $0.score == score
      }?.mean.map { (level, $0) }
    }
  }
}
