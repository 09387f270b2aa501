/// A choice of a measure: its name, what it means, and how text becomes a value and back.
public struct MeasureOption<Measure> {
  /// The name in commands and files.
  public let name: String
  /// What it decides, in one line.
  public let summary: String
  /// What it can be, in words.
  public let expected: String
  /// The value of a measure's option, as text.
  let read: (Measure) -> String
  /// Sets it from text, unless the text has no meaning.
  let assign: (inout Measure, String) -> Bool

  private init<Value>(
    _ name: String, _ path: WritableKeyPath<Measure, Value>, _ summary: String, expected: String,
    text: @escaping (Value) -> String, value: @escaping (String) -> Value?
  ) {
    self.name = name
    self.summary = summary
    self.expected = expected
    read = { text($0[keyPath: path]) }
    assign = { measure, text in
      guard let value = value(text) else { return false }
      measure[keyPath: path] = value
      return true
    }
  }

  /// A whole number.
  static func integer(
    _ name: String, _ path: WritableKeyPath<Measure, Int>, in range: ClosedRange<Int>,
    _ summary: String
  ) -> MeasureOption {
    MeasureOption(
      name, path, summary,
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      text: { "\($0)" }, value: { Int($0).flatMap { range.contains($0) ? $0 : nil } })
  }

  /// The seed of random numbers.
  static func seed(_ path: WritableKeyPath<Measure, UInt64>) -> MeasureOption {
    MeasureOption(
      "seed", path, "where random numbers come from", expected: "a whole number, 0 or more",
      text: { "\($0)" }, value: { UInt64($0) })
  }

  /// A number.
  static func number(
    _ name: String, _ path: WritableKeyPath<Measure, Double>, in range: ClosedRange<Double>,
    _ summary: String
  ) -> MeasureOption {
    MeasureOption(
      name, path, summary, expected: "a number from \(range.lowerBound) to \(range.upperBound)",
      text: { "\($0)" }, value: { Double($0).flatMap { range.contains($0) ? $0 : nil } })
  }

  /// Ascending shares in percent.
  static func percentages(
    _ name: String, _ path: WritableKeyPath<Measure, [Int]>, in range: ClosedRange<Int>,
    _ summary: String
  ) -> MeasureOption {
    MeasureOption(
      name, path, summary,
      expected:
        "ascending whole numbers from \(range.lowerBound) to \(range.upperBound), separated by commas",
      text: { $0.map(String.init).joined(separator: ",") },
      value: { text in
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = words.compactMap { Int($0) }
        let isAscending = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
        guard numbers.count == words.count, isAscending, numbers.allSatisfy(range.contains)
        else { return nil }
        return numbers
      })
  }

  /// Yes or no.
  static func flag(
    _ name: String, _ path: WritableKeyPath<Measure, Bool>, _ summary: String
  ) -> MeasureOption {
    MeasureOption(
      name, path, summary, expected: "true or false", text: { "\($0)" }, value: { Bool($0) })
  }

  /// One of some words.
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ path: WritableKeyPath<Measure, Choice>, _ summary: String
  ) -> MeasureOption {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return MeasureOption(
      name, path, summary, expected: "one of \(words)", text: \.rawValue,
      value: { Choice(rawValue: $0) })
  }
}
