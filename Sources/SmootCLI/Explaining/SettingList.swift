import Smoot

/// Options given as `name=value` for everything that has them, or as `OWNER.name=value` for one method or measure.
struct SettingList {
  /// Those without an owner, in order.
  private(set) var common: [(name: String, value: String)] = []
  private var owned: [String: [(name: String, value: String)]] = [:]

  /// Sorts options by their owners.
  ///
  /// - Parameters:
  ///   - texts: what was given.
  ///   - owners: the methods and measures that are used.
  ///   - others: those that exist but are not used.
  ///   - needsOwner: whether an option without an owner is an error.
  init(
    _ texts: [String], owners: [String], others: [String], needsOwner: Bool = false
  ) throws(CommandError) {
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw CommandError("--option: \"\(text)\" is not name=value", exitCode: 64)
      }
      let (name, value) = (String(parts[0]), String(parts[1]))
      let first = String(name.prefix { $0 != "." })
      let hasPoint = first != name
      if hasPoint, owners.contains(first) {
        owned[first, default: []].append((String(name.dropFirst(first.count + 1)), value))
      } else if hasPoint, others.contains(first) {
        throw CommandError(
          "--option: \"\(text)\": \(first) is not among \(owners.joined(separator: ", "))",
          exitCode: 64)
      } else if needsOwner {
        let guess = nearestWord(to: first, among: owners + others)
        let hint = guess.map { " (did you mean \"\($0)\"?)" } ?? ""
        throw CommandError(
          "--option: \"\(text)\" does not begin with the name of a method or measure and a point\(hasPoint ? hint : "")",
          exitCode: 64)
      } else {
        common.append((name, value))
      }
    }
  }

  /// The options of an owner; the last value of a name counts.
  func values(of owner: String) -> [String: String] {
    Dictionary((owned[owner] ?? []).map { ($0.name, $0.value) }) { _, last in last }
  }
}
