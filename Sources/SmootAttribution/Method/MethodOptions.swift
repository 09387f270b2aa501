/// Options of a method by name, as text.
public struct MethodOptions: Sendable, Equatable {
  /// What was chosen.
  public let values: [String: String]

  /// Makes options.
  public init(_ values: [String: String] = [:]) { self.values = values }

  /// A text.
  public func text(_ name: String, usual: String) -> String { values[name] ?? usual }

  /// A whole number in a range.
  public func integer(
    _ name: String, usual: Int, in range: ClosedRange<Int>
  ) throws(AttributionError) -> Int {
    guard let text = values[name] else { return usual }
    guard let value = Int(text), range.contains(value) else {
      throw .badValue(
        name, text, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number in a range.
  public func number(
    _ name: String, usual: Float, in range: ClosedRange<Float>
  ) throws(AttributionError) -> Float {
    guard let text = values[name] else { return usual }
    guard let value = Float(text), range.contains(value) else {
      throw .badValue(
        name, text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Yes or no.
  public func flag(_ name: String, usual: Bool) throws(AttributionError) -> Bool {
    guard let text = values[name] else { return usual }
    guard let value = Bool(text) else { throw .badValue(name, text, expected: "true or false") }
    return value
  }

  /// One of several choices, by its raw value.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, usual: Choice
  ) throws(AttributionError) -> Choice {
    guard let text = values[name] else { return usual }
    guard let value = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw .badValue(name, text, expected: "one of \(names)")
    }
    return value
  }

  /// Another method, with its own options under names that begin with this one and a point: `method=lrp method.composite=epsilon-plus`.
  public func method(
    _ name: String, usual: some AttributionMethod
  ) throws(AttributionError) -> any AttributionMethod {
    let prefix = name + "."
    let inner = values.filter { $0.key.hasPrefix(prefix) }.map {
      (String($0.key.dropFirst(prefix.count)), $0.value)
    }
    let options = MethodOptions(Dictionary(uniqueKeysWithValues: inner))
    if inner.isEmpty && values[name] == nil { return usual }
    do throws(AttributionError) {
      return try AttributionRegistry.make(
        values[name] ?? type(of: usual).description.name, options)
    } catch {
      throw AttributionError(
        error.description, exitCode: error.exitCode, option: error.option.map { prefix + $0 })
    }
  }
}
