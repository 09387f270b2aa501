import ArgumentParser
import Smoot
import SmootBenchmarks

/// `smoot bench`: how fast this machine is.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the speed of training steps and kernels.",
    subcommands: [BenchStepCommand.self, BenchKernelsCommand.self])
}

/// `smoot bench step`.
struct BenchStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Time whole training steps on the first batch of a data set.",
    discussion:
      "Example:\n  smoot bench step --dataset mnist --method smoot --batch-size 256 --steps 15 --json\n  smoot bench step --dataset cifar10 --batch-size 64 --profile"
  )

  @Option(
    help: ArgumentHelp(
      "The network: \(ModelRegistry.names.joined(separator: ", ")) (default: as in training).",
      valueName: "model"))
  var model: String?
  @Option(help: "The data set.") var dataset = "mnist"
  @Option(help: "The folder of the data set.") var data: String?
  @Option(help: "The method: traditional, sgt or smoot.") var method = "smoot"
  @Option(name: [.short, .long], help: "Images in a step.") var batchSize = 256
  @Option(help: "Images that a step takes at a time (default: as in training).")
  var microBatch: Int?
  @Option(help: "The numbers that are multiplied: fp32 or bf16.") var precision = "fp32"
  @Option(help: "How many steps to time.") var steps = 15
  @Flag(help: "Show where the time goes, operation by operation.") var profile = false
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    guard batchSize > 0, steps > 0 else {
      throw CommandError("--batch-size and --steps: must be above 0", exitCode: 64)
    }
    var configuration = TrainingConfiguration()
    for (name, text) in [
      ("model", model ?? ""), ("dataset", dataset), ("method", method), ("precision", precision),
      ("batch-size", String(batchSize)), ("micro-batch", microBatch.map(String.init) ?? ""),
    ] {
      try TrainingConfiguration.option(named: name)?.apply(
        text, to: &configuration, origin: "--\(name)", exitCode: 64)
    }
    configuration.data = data
    try configuration.validate()
    let images = try DatasetPair(configuration, common).training
    let batch = images.batch(Array(0..<min(batchSize, images.count)))
    var benchmark = try StepBenchmark(configuration: configuration, dataset: images, batch: batch)
    if profile { return show(benchmark.profile(steps: steps)) }
    let result = benchmark.run(steps: steps, kernels: Machine.kernels)
    if common.json {
      Console.json(result)
    } else {
      Console.result(
        "\(result.method) \(result.model) \(result.precision) batch \(result.batch), \(result.threads) threads, \(result.kernels): \(fixed(result.msPerStep, 1)) ms a step (\(fixed(result.msPerStepMinimum, 1)) to \(fixed(result.msPerStepMaximum, 1))), \(fixed(result.imagesPerSecond, 0)) images a second"
      )
    }
  }

  private func show(_ profile: StepProfile) {
    if common.json { return Console.json(profile) }
    var table = Table(columns: [
      .init("operation"), .init("pass"), .init("output"), .init("calls", .right),
      .init("ms", .right), .init("% of step", .right), .init("GFLOP/s", .right),
      .init("% of peak", .right), .init("GB/s", .right),
    ])
    for row in profile.rows where row.percentOfStep >= 0.05 {
      table.append([
        .text(row.operation), .text(row.pass.rawValue),
        .text(row.shape.map(String.init).joined(separator: "x")),
        .real(row.calls, digits: 0), .real(row.milliseconds, digits: 2),
        .real(row.percentOfStep, digits: 1),
        row.gigaflops.map { .real($0, digits: 1) } ?? .text(""),
        row.percentOfPeak.map { .real($0, digits: 1) } ?? .text(""),
        .real(row.gigabytesPerSecond, digits: 1),
      ])
    }
    let total = profile.rows.reduce(0) { $0 + $1.milliseconds }
    Console.result(
      table.text()
        + "\n\(fixed(total, 1)) ms a step; \(fixed(profile.gigaflops, 0)) of \(fixed(profile.peakGigaflops, 0)) GFLOP/s, \(fixed(100 * profile.gigaflops / profile.peakGigaflops, 1)) % of the peak"
    )
  }
}

/// `smoot bench kernels`.
struct BenchKernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels", abstract: "Time the kernels on one thread against the machine's peak.")

  @Option(help: "How often to repeat each measurement.") var repetitions = 100
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    let results = KernelBenchmark.run(repetitions: max(5, repetitions))
    if common.json { return Console.json(results) }
    var table = Table(columns: [
      .init("kernel"), .init("shape"), .init("µs", .right), .init("GFLOP/s", .right),
      .init("% of peak", .right),
    ])
    for result in results {
      table.append([
        .text(result.kernel), .text(result.shape), .real(result.microseconds, digits: 1),
        .real(result.gigaflops, digits: 1), .real(result.percentOfPeak, digits: 1),
      ])
    }
    Console.result("kernels: \(Machine.kernels)\n" + table.text())
  }
}
