import ArgumentParser
import Foundation
import Smoot

/// The command line program.
@main
struct SmootCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "smoot",
    abstract: "Trains image classifiers whose saliency maps can be trusted, and proves it.",
    discussion: """
      Examples:
        smoot train --dataset fashion-mnist --adaptive --epochs 10
        smoot resume Checkpoints/fashion-mnist-smoot
        smoot auc Checkpoints/fashion-mnist-smoot Checkpoints/fashion-mnist-traditional
        smoot explain Checkpoints/fashion-mnist-smoot --indices 0:64 --output maps
        smoot report Checkpoints/fashion-mnist-* --output report.html
      """,
    version: version,
    subcommands: [
      TrainCommand.self, ResumeCommand.self, EvaluateCommand.self, PredictCommand.self,
      AUCCommand.self, ExplainCommand.self, LayersCommand.self, FaithfulnessCommand.self,
      ReportCommand.self, StudyCommand.self, DataCommand.self, RunsCommand.self,
      InspectCommand.self, ExportCommand.self, ConfigCommand.self, BenchCommand.self,
      DoctorCommand.self,
    ])

  /// Runs the command; whatever a person can act on becomes one line and the documented exit code.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow is an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as any SmootError {
      Console.error("\(error)")
      Foundation.exit(error.exitCode)
    } catch {
      exit(withError: error)
    }
  }
}
