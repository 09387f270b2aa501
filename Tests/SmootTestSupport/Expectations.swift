public import SmootTensor
public import Testing

/// Expects each number to be near its expected value, measured against the largest expected magnitude.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, relative: Float = 1e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual.scalars, expected.scalars, relative: relative, what, sourceLocation: sourceLocation)
}

/// Expects each number to be near its expected value, measured against the largest expected magnitude.
public func expectClose(
  _ actual: [Float], _ expected: [Float], relative: Float = 1e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what): \(actual.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation
    )
    return
  }
  let scale = expected.reduce(Float(1e-6)) { max($0, abs($1)) }
  for (index, (found, wanted)) in zip(actual, expected).enumerated()
  where !(abs(found - wanted) <= relative * scale) {
    Issue.record(
      "\(what): number \(index) is \(found), expected \(wanted), off by \(abs(found - wanted) / scale) of the largest magnitude",
      sourceLocation: sourceLocation)
    return
  }
}
