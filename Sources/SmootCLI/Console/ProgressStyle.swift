import ArgumentParser

/// How progress is shown.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  /// A bar on a terminal, plain lines elsewhere.
  case auto
  /// One line that is drawn again and again.
  case bar
  /// A line every 30 seconds.
  case plain
  /// A line of JSON every 30 seconds.
  case json
  /// Nothing.
  case none
}
