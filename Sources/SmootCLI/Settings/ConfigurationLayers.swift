import Foundation
import Smoot

/// Puts a configuration together: flag over environment over file over preset over default, and remembers where each setting came from.
struct ConfigurationLayers {
  /// The result.
  private(set) var configuration = TrainingConfiguration()
  /// Where each setting came from: `default`, `preset paper`, `config.yaml:3:1`, `SMOOT_LR`, `flag`.
  private(set) var origins: [String: String] = [:]
  /// The flags that were given.
  let flags: [(name: String, text: String)]

  /// Resolves all layers.
  ///
  /// - Parameters:
  ///   - flags: the flags that were given.
  ///   - environment: the process's variables.
  ///   - file: the path of a YAML file.
  ///   - preset: settings that belong together.
  init(
    flags: [(name: String, text: String)], environment: [String: String], file: String?,
    preset: Preset?
  ) throws {
    self.flags = flags
    for option in TrainingConfiguration.options { origins[option.name] = "default" }
    let entries = try file.map(ConfigurationFile.read) ?? []
    let variables = TrainingConfiguration.options.compactMap { option in
      environment[option.environmentName].map { (option, $0) }
    }.filter { $0.0.name != "data" }  // SMOOT_DATA names the folder of all data sets, not of one.
    // A preset depends on the data set, which any layer may name.
    let dataset =
      flags.last { $0.name == "dataset" }?.text ?? environment["SMOOT_DATASET"]
      ?? entries.last { $0.option.name == "dataset" }?.text ?? configuration.dataset
    if let preset {
      for (name, text) in preset.settings(dataset: dataset) {
        try apply(name, text, origin: "preset \(preset.rawValue)", place: "preset", exitCode: 78)
      }
    }
    for entry in entries {
      try apply(
        entry.option.name, entry.text, origin: entry.place, place: entry.place, exitCode: 78)
    }
    for (option, text) in variables {
      let name = option.environmentName
      try apply(option.name, text, origin: name, place: name, exitCode: 78)
    }
    for (name, text) in flags {
      try apply(name, text, origin: "flag", place: "--\(name)", exitCode: 64)
    }
  }

  private mutating func apply(
    _ name: String, _ text: String, origin: String, place: String, exitCode: Int32
  ) throws(ConfigurationError) {
    guard let option = TrainingConfiguration.option(named: name) else {
      throw ConfigurationError(
        origin: place, message: "there is no setting \"\(name)\"", exitCode: exitCode)
    }
    try option.apply(text, to: &configuration, origin: place, exitCode: exitCode)
    origins[name] = origin
  }

  /// All settings with their origins, for `config.resolved.json`.
  var resolved: [String: [String: String]] {
    Dictionary(
      uniqueKeysWithValues: TrainingConfiguration.options.map { option in
        (
          option.name,
          [
            "value": option.text(configuration.resolved),
            "origin": origins[option.name] ?? "default",
          ]
        )
      })
  }
}
