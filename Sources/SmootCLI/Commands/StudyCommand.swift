import ArgumentParser
import Foundation
import Smoot

/// `smoot study`: investigations of a model.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Investigate models.",
    subcommands: [MaskingStudyCommand.self, RobustnessCommand.self, RetrainingCommand.self])
}

/// `smoot study masking`: how the probability of the label moves while the most salient pixels are masked.
struct MaskingStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masking",
    abstract:
      "Find the share of images whose prediction gets better when salient pixels are masked.",
    discussion: """
      Images whose label is most probable unmasked are of class I, the others of class II (figure 1 of the SMOOT paper, which found 16 % of class II on CIFAR-10).

      Example:
        smoot study masking Checkpoints/fashion-mnist-traditional --output study
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String
  @Option(help: "What masked pixels become: corner, zero, mean, uniform or blur.") var fill =
    "corner"
  @Option(help: "Mask first what has the greatest: signed or abs gradient.") var rank = "signed"
  @Option(name: [.short, .long], help: "The folder for masking.json and masking.png.")
  var output: String
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Data") var images: ImageFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  struct Result: Codable {
    let model: String
    let count: Int
    let classTwo: Int
    let shareOfClassTwo: Double
    let percent: [Int]

    enum CodingKeys: String, CodingKey {
      case model, count, percent
      case classTwo = "class_two"
      case shareOfClassTwo = "share_of_class_two"
    }
  }

  func run() throws {
    try common.apply()
    let loaded = try network.load(model)
    let dataset = try images.load(for: loaded, common)
    let kind: RemovalFill = try choice("--fill", fill)
    let ranking: Ranking = try choice("--rank", rank)
    let study = MaskingStudy(fill: kind, isAbsolute: ranking == .abs)
    var curves: [MaskingStudy.Curve] = []
    var line = ProgressLine(common.style)
    for start in stride(from: 0, to: dataset.count, by: 500) {
      let places = Array(start..<min(dataset.count, start + 500))
      curves += study.curves(of: loaded.model, on: dataset, places: places)
      line.show("masking", done: curves.count, total: dataset.count, [])
    }
    line.clear()
    try dataset.checkReadable()
    let second = curves.filter(\.isClassTwo)
    let result = Result(
      model: loaded.path, count: curves.count, classTwo: second.count,
      shareOfClassTwo: Double(second.count) / Double(max(1, curves.count)), percent: study.percent)
    try Folder.make(output)
    try RunDirectory(path: output).write(result, to: output + "/masking.json")
    try plot(curves.filter { !$0.isClassTwo }, second, study.percent).figure()
      .write(to: output + "/masking.png")
    if common.json {
      Console.json(result)
    } else {
      Console.result(
        "\(second.count) of \(curves.count) images (\(fixed(100 * result.shareOfClassTwo, 2)) %) are of class II: \(output)/masking.png"
      )
    }
  }

  private func plot(
    _ first: [MaskingStudy.Curve], _ second: [MaskingStudy.Curve], _ percent: [Int]
  ) -> LinePlot {
    func lines(_ curves: [MaskingStudy.Curve], _ name: String) -> [LineSeries] {
      curves.prefix(3).map { curve in
        LineSeries(
          name: "\(name), image \(curve.index)", x: percent.map(Double.init),
          y: curve.probability)
      }
    }
    return LinePlot(
      title: "Probability of the label when salient pixels are masked",
      subtitle: "\(fill) fill, \(rank) gradient",
      xLabel: "pixels masked (%)", yLabel: "probability",
      series: lines(first, "class I") + lines(second, "class II"), yRange: 0...1.02)
  }
}
