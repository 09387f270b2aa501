import ArgumentParser

/// The command line program.
@main
struct SmootCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smoot", abstract: "Trains image classifiers whose saliency maps can be trusted.")
}
