import ArgumentParser
import Foundation
import Smoot

/// `smoot config`: settings without a run.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show, check and make configurations.",
    subcommands: [ConfigShowCommand.self, ConfigCheckCommand.self, ConfigInitCommand.self])
}

/// `smoot config show`.
struct ConfigShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show every setting, its value and where it comes from.",
    discussion:
      "Takes the flags of `smoot train`.\n\nExample:\n  smoot config show --preset paper --dataset cifar10"
  )

  @Argument(parsing: .captureForPassthrough, help: "Flags of `smoot train`.")
  var flags: [String] = []

  func run() throws {
    let layers = try TrainCommand.parse(flags).resolve()
    try layers.configuration.validate()
    var table = Table(columns: [
      .init("setting"), .init("value"), .init("from"), .init("what it is"),
    ])
    for option in TrainingConfiguration.options {
      let text = option.text(layers.configuration.resolved)
      table.append([
        .text(option.name), .text(text.isEmpty ? "-" : text),
        .text(layers.origins[option.name] ?? ""), .text(option.help),
      ])
    }
    Console.result(table.text())
  }
}

/// `smoot config check FILE`.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what is wrong with a configuration file.",
    discussion: "Example:\n  smoot config check settings.yaml")

  @Argument(help: "The YAML file.") var file: String

  func run() throws {
    try TrainCommand.parse(["--config", file]).resolve().configuration.validate()
    Console.result("\(file): sound")
  }
}

/// `smoot config init`.
struct ConfigInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Print a configuration file with every setting at its default.",
    discussion: "Example:\n  smoot config init > settings.yaml")

  func run() throws {
    for option in TrainingConfiguration.options {
      let text = option.defaultValue
      Console.result(
        "# \(option.help)\n# \(option.values)\n\(option.name): \(text.isEmpty ? "null" : text)\n")
    }
  }
}
