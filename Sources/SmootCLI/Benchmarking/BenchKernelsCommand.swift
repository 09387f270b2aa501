import ArgumentParser
import Smoot
import SmootBenchmarks

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
      .init("kernel"), .init("shape"), .init("precision"), .init("µs", .right),
      .init("GFLOP/s", .right),
      .init("% of peak", .right),
    ])
    for result in results {
      table.append([
        .text(result.kernel), .text(result.shape), .text(result.precision),
        .real(result.microseconds, digits: 1),
        .real(result.gigaflops, digits: 1), .real(result.percentOfPeak, digits: 1),
      ])
    }
    Console.result("kernels: \(Machine.kernels)\n" + table.text())
  }
}
