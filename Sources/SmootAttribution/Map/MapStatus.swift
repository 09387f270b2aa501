/// What there is to know about a map before anybody looks at it.
public enum MapStatus: String, Sendable, Codable, CaseIterable {
  /// There are positive values, all of them finite.
  case ok
  /// Everything is zero: nothing reaches the image or the layer from the score.
  case zeroGradient = "zero gradient"
  /// Everything is zero in a map that is made without gradients, or whose parts are not zero: the score does not change, or a penalty or a scale leaves nothing.
  case allZero = "all zero"
  /// The explained probability rounds to 0 or 1, so that its gradient is, or nearly is, zero; explain the logit instead.
  case saturated
  /// Nothing is positive: everything speaks against the class, and a rectified map is blank.
  case negativeOnly = "negative only"
  /// There is an infinity or a NaN.
  case notFinite = "not finite"

  /// The status of a map with some values.
  ///
  /// - Parameters:
  ///   - values: all values of the map.
  ///   - isSaturated: whether the explained score is too flat for a gradient.
  ///   - hasGradient: whether the map is made of what was sent back from the score.
  public init(
    of values: some Sequence<Float>, isSaturated: Bool, hasGradient: Bool = true
  ) {
    var (hasPositive, hasNegative, isFinite) = (false, false, true)
    for value in values {
      if value > 0 { hasPositive = true }
      if value < 0 { hasNegative = true }
      if !value.isFinite { isFinite = false }
    }
    let blank = hasGradient ? MapStatus.zeroGradient : .allZero
    self =
      !isFinite
      ? .notFinite
      : isSaturated ? .saturated : hasPositive ? .ok : hasNegative ? .negativeOnly : blank
  }
}
