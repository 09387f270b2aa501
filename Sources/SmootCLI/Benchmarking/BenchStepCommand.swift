import ArgumentParser
import Smoot
import SmootBenchmarks

/// `smoot bench step`.
struct BenchStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Time whole training steps on the first batch of a data set.",
    discussion:
      """
      Examples:
        smoot bench step --dataset mnist --method smoot --batch-size 256 --steps 15 --json
        smoot bench step --images 3x32x32 --model vit-tiny --batch-size 64 --profile
        smoot bench step --images 3x64x64 --model vit-tiny --batch-size 16 --set depth=6
        smoot bench step --images 1x28x28 --model cnn --roofline roofline.svg
      """
  )

  @OptionGroup(title: "What is measured") var subject: BenchSubject
  @Option(help: "The method: traditional, sgt or smoot.") var method = "smoot"
  @Option(name: [.short, .long], help: "Images in a step.") var batchSize = 256
  @Option(help: "Images that a step takes at a time (default: as in training).")
  var microBatch: Int?
  @Option(help: "How many steps to time.") var steps = 15
  @Flag(help: "Show where the time goes, operation by operation.") var profile = false
  @Option(
    help: ArgumentHelp(
      "Draw the operations under the machine's roofs: arithmetic and memory.",
      valueName: "file.svg|png"))
  var roofline: String?
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    guard batchSize > 0, (1...1_000_000).contains(steps) else {
      throw CommandError(
        "--batch-size and --steps: must be above 0, and at most 1,000,000 steps", exitCode: 64)
    }
    let configuration = try subject.configuration(with: [
      ("method", method), ("batch-size", String(batchSize)),
      ("micro-batch", microBatch.map(String.init) ?? ""),
    ])
    let images = try subject.images(configuration, count: batchSize, common)
    let batch = images.batch(Array(0..<batchSize))
    try images.checkReadable()
    var benchmark = try StepBenchmark(configuration: configuration, dataset: images, batch: batch)
    if profile || roofline != nil {
      let profile = benchmark.profile(steps: steps)
      try draw(profile, configuration)
      return show(profile, common)
    }
    let result = benchmark.run(steps: steps, kernels: Machine.kernels)
    if common.json {
      Console.json(result)
    } else {
      Console.result(
        "\(result.method) \(result.model) \(result.precision) \(result.convolution) batch \(result.batch), \(result.threads) threads, \(result.kernels): \(fixed(result.msPerStep, 1)) ms a step (\(fixed(result.msPerStepMinimum, 1)) to \(fixed(result.msPerStepMaximum, 1))), \(fixed(result.imagesPerSecond, 0)) images a second"
      )
    }
  }

  private func draw(_ profile: StepProfile, _ configuration: TrainingConfiguration) throws {
    guard let roofline else { return }
    let conditions = [
      configuration.precision.rawValue, "batch \(batchSize)", "\(Parallelism.threads) threads",
      Machine.kernels,
    ]
    try Roofline(profile).plot(
      title: "A \(configuration.method.rawValue) step of \(configuration.resolvedModel)",
      subtitle: conditions.joined(separator: " · ")
    ).figure().write(to: roofline)
  }
}
