import ArgumentParser

/// `smoot bench`: how fast this machine is.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract:
      "Measure the speed of training steps, how it scales, of the accuracy-drop curve, of maps, of loading, and of kernels.",
    subcommands: [
      BenchStepCommand.self, BenchScalingCommand.self, BenchAUCCommand.self,
      BenchMapsCommand.self, BenchLoadCommand.self, BenchKernelsCommand.self,
    ])
}
