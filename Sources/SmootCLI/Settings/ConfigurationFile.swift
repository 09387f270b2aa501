import Foundation
import Smoot
import Yams

/// Reads settings from YAML: one mapping from names of options to values, nothing else.
enum ConfigurationFile {
  /// A setting and its place.
  struct Entry {
    let option: ConfigurationOption
    let text: String
    let place: String
  }

  private static let largest = 256 << 10

  /// The settings of a file, in its order.
  static func read(_ path: String) throws -> [Entry] {
    func bad(_ place: String, _ message: String, _ code: Int32 = 78) -> ConfigurationError {
      ConfigurationError(origin: place, message: message, exitCode: code)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw bad(path, "there is no such file, or it cannot be read", 66)
    }
    guard data.count <= largest else {
      throw bad(path, "\(data.count) bytes are too many for a configuration (at most \(largest))")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw bad(path, "the file is not UTF-8 text")
    }
    if let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex(where: {
      $0.firstMatch(of: /^[^#"']*(:|-|^)\s+[&*!]/) != nil
    }) {
      throw bad("\(path):\(line + 1)", "anchors, aliases and tags have no place in a configuration")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw bad(path, "not valid YAML: \(firstLine(error.description))")
    }
    guard let node else { return [] }
    guard let mapping = node.mapping else {
      throw bad(path, "expected \"name: value\" lines, found something else")
    }
    return try mapping.map { key, value in
      let mark = key.mark
      let place = "\(path):\(mark?.line ?? 0):\(mark?.column ?? 0)"
      let name = key.string ?? ""
      guard let option = TrainingConfiguration.option(named: name) else {
        throw bad(place, unknownSetting(name))
      }
      guard let scalar = value.scalar else {
        throw bad(place, "\(name): expected \(option.values), found a list or a mapping")
      }
      let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
      return Entry(option: option, text: isNull ? "" : scalar.string, place: place)
    }
  }

  /// Says that there is no such setting, and which one may be meant.
  static func unknownSetting(_ name: String) -> String {
    let others = ["learning-rate": "lr", "opt": "optimizer", "sched": "schedule"]
    let names = TrainingConfiguration.options.map(\.name) + others.keys.sorted()
    let word = name.lowercased().replacing("_", with: "-")
    let meant = nearestWord(to: word, among: names).map { others[$0] ?? $0 }
    return "unknown key \"\(name)\"" + (meant.map { " (did you mean \"\($0)\"?)" } ?? "")
  }

  private static func firstLine(_ text: String) -> String {
    text.split(separator: "\n").prefix(2).joined(separator: " ")
  }
}
