import ArgumentParser
import CSmootKernels
import Foundation
import Smoot

/// Flags that every command with a job has.
struct CommonFlags: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  @Option(help: "How to show progress: auto, bar, plain, json or none.")
  var progress = ProgressStyle.auto

  @Flag(name: [.short, .long], help: "Say nothing but warnings, errors and results.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Say more: machine, kernels, all settings.")
  var verbose = false

  @Option(help: "Threads to use (default: SMOOT_THREADS, or all processors); changes no result.")
  var threads: Int?

  /// Puts the number of threads into force.
  func apply() throws(CommandError) {
    let text = ProcessInfo.processInfo.environment["SMOOT_THREADS"]
    if let threads {
      guard (1...1024).contains(threads) else {
        throw CommandError("--threads: \(threads) is not in 1...1024", exitCode: 64)
      }
      Parallelism.threads = threads
    } else if let text {
      guard let count = Int(text), (1...1024).contains(count) else {
        throw CommandError("SMOOT_THREADS: \"\(text)\" is not in 1...1024", exitCode: 78)
      }
      Parallelism.threads = count
    }
    guard smoot_kernel_level_environment_status() == 0 else {
      throw CommandError(
        "SMOOT_KERNELS: names no kernels of this processor; use scalar, avx2 or avx512, or leave it out",
        exitCode: 78)
    }
  }

  /// How progress is shown, with `--quiet` taken into account.
  var style: ProgressStyle { quiet ? .none : progress }

  /// A line for people, unless they asked for quiet.
  func note(_ text: String) { if !quiet { Console.note(text) } }
}
