import ArgumentParser
import Foundation
import Smoot
import SmootBenchmarks

/// The command line program.
@main
struct SmootCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smoot", abstract: "Trains image classifiers whose saliency maps can be trusted.")
  @Option var steps = 10
  @Option var method = "smoot"
  func run() async throws {
    let key = RandomKey(seed: 1)
    let model = PaperCNN(
      inputSize: ImageSize(channels: 1, height: 28, width: 28), classCount: 10, random: key)
    let n = 256
    let values = (0..<n * 784).map { i in
      let u = key.uniform(at: UInt64(i)); return (u > 0.8 ? (u - 0.8) * 5 : 0 - 0.42) as Float
    }
    let batch = LabeledBatch(
      images: Tensor(values, shape: [n, 1, 28, 28]), labels: (0..<n).map { Int32($0 % 10) },
      indices: Array(0..<n))
    let step: any TrainingStep =
      method == "traditional"
      ? TraditionalStep()
      : SaliencyGuidedStep(
        options: .init(),
        adaptiveBudget: method == "smoot"
          ? AdaptiveBudget(rule: .init(), initial: 0.5, elements: 784, count: n) : nil)
    var bench = StepBenchmark(model: model, batch: batch, step: step, optimizer: Adadelta())
    let times = bench.run(steps: steps)
    let median = times.sorted()[times.count / 2]
    print(method, median, "ms", 256 / median * 1000, "img/s", times.min()!, times.max()!)
  }
}
