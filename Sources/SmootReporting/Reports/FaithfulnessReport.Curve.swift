extension FaithfulnessReport {
  /// The mean over images of a curve that a measure draws, with its confidence interval at each place.
  public struct Curve: Codable, Equatable, Sendable {
    /// The run.
    public var run: String
    /// The method.
    public var method: String
    /// The measure that draws it, such as `insertion-deletion`.
    public var measure: String
    /// Which of the measure's curves it is, such as `insertion`.
    public var name: String
    /// Where it is measured: shares of the pixels or values that are replaced, 0 to 1, ascending.
    public var shares: [Double]
    /// The mean at each share; nil where no image has a value.
    public var mean: [Double?]
    /// The lower ends of the confidence intervals.
    public var lower: [Double?]
    /// The upper ends of the confidence intervals.
    public var upper: [Double?]

    /// Gathers the numbers of a curve.
    public init(
      run: String, method: String, measure: String, name: String, shares: [Double],
      mean: [Double?], lower: [Double?], upper: [Double?]
    ) {
      self.run = run
      self.method = method
      self.measure = measure
      self.name = name
      self.shares = shares
      self.mean = mean
      self.lower = lower
      self.upper = upper
    }

    /// Throws unless lengths fit and the shares are numbers that ascend.
    func validate() throws {
      let counts = [mean.count, lower.count, upper.count]
      guard counts.allSatisfy({ $0 == shares.count }),
        (mean + lower + upper).allSatisfy({ abs($0 ?? 0) <= 1e30 }),
        shares.allSatisfy({ (0...1).contains($0) }), zip(shares, shares.dropFirst()).allSatisfy(<)
      else {
        throw ReportingError(
          .badData,
          "curve \(name) of \(method) for run \(run): expected ascending shares in 0...1 and as many means and intervals within ±1e30, found \(shares.count) shares and \(counts) numbers"
        )
      }
    }
  }
}
