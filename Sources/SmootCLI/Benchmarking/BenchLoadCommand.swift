import ArgumentParser
import Smoot
import SmootBenchmarks

/// `smoot bench load`.
struct BenchLoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Time the preparation of batches beside the steps that take them.",
    discussion: """
      Images a second of preparation alone (reading, decoding, augmentation), of steps alone, and of both together as in training: where the last two are alike, loading is not \
      what training waits for.

      Examples:
        smoot bench load --dataset ./flowers --model resnet18 --batch-size 64
        smoot bench load --dataset ./flowers --model resnet18 --batch-size 64 --set cache=none
      """)

  @OptionGroup(title: "What is measured") var subject: BenchSubject
  @Option(help: "The method: traditional, sgt or smoot.") var method = "traditional"
  @Option(name: [.short, .long], help: "Images in a step.") var batchSize = 64
  @Option(help: "How many batches a measurement has.") var batches = 8
  @Option(help: "How often to repeat each measurement.") var rounds = 5
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    let sensible = 1...10_000
    guard batchSize > 0, sensible.contains(batches), sensible.contains(rounds) else {
      throw CommandError(
        "--batch-size, --batches and --rounds: must be above 0, and at most 10,000 batches and rounds",
        exitCode: 64)
    }
    let configuration = try subject.configuration(with: [
      ("method", method), ("batch-size", String(batchSize)),
    ])
    let images = try subject.images(configuration, count: batchSize, common)
    let result = try LoadBenchmark(configuration: configuration, dataset: images)
      .run(batches: batches, rounds: rounds)
    if common.json { return Console.json(result) }
    Console.result(
      """
      \(result.dataset), batches of \(result.batch), \(result.threads) threads, \(Machine.kernels)
      preparation alone      \(fixed(result.loadedPerSecond, 0)) images a second
      steps alone            \(fixed(result.trainedPerSecond, 0)) images a second (\(result.method) \(result.model))
      both, as in training   \(fixed(result.bothPerSecond, 0)) images a second, \(fixed(100 * result.bothPerSecond / result.trainedPerSecond, 1)) % of steps alone
      """)
  }
}
