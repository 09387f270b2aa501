import ArgumentParser
import Smoot
import SmootBenchmarks

/// `smoot bench auc`.
struct BenchAUCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "auc",
    abstract: "Time an accuracy-drop curve of a network with initial weights.",
    discussion: """
      Example:
        smoot bench auc --dataset mnist --model cnn --count 10000
      """)

  @OptionGroup(title: "What is measured") var subject: BenchSubject
  @Option(help: "How many images.") var count = 10_000
  @Option(name: [.short, .long], help: "Images at a time.") var batchSize = 256
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    guard count > 0, batchSize > 0 else {
      throw CommandError("--count and --batch-size: must be above 0", exitCode: 64)
    }
    let configuration = try subject.configuration(with: [])
    guard configuration.precision == .float32 else {
      throw CommandError("--precision: curves are computed in fp32", exitCode: 64)
    }
    let images = try subject.images(configuration, count: count, common).limited(to: count)
    let result = try AUCBenchmark.run(
      configuration: configuration, dataset: images, batchSize: batchSize)
    if common.json { return Console.json(result) }
    Console.result(
      "accuracy-drop curve of \(result.model), \(result.images) images, \(result.threads) threads, \(Machine.kernels): \(fixed(result.seconds, 2)) s, \(fixed(result.imagesPerSecond, 0)) images a second"
    )
  }
}
