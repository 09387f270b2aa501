import ArgumentParser
import Foundation
import Smoot

/// `smoot predict`: what a model takes pictures for.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Say what a model takes pictures for.",
    discussion: """
      Pictures are brought to the extents that the model takes and normalized as its checkpoint says. A picture that cannot be used gets a line on standard error; the others go on, \
      and the command ends with 65.

      Examples:
        smoot predict Checkpoints/pets-smoot cat.jpg
        smoot predict Checkpoints/pets-smoot pictures --top 1 --json
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String

  @Argument(help: "PNG and JPEG files, or folders of them.") var pictures: [String]

  @Option(help: "How many classes to show of each picture.") var top = 5

  @Option(name: [.short, .long], help: "Pictures to take at a time; changes no result.")
  var batchSize = 64

  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  /// What `--json` prints on each line.
  struct Prediction: Codable {
    let file: String
    let predictions: [Guess]
  }

  /// A class and how sure the model is of it.
  struct Guess: Codable {
    let label: Int
    let name: String
    let probability: Double

    enum CodingKeys: String, CodingKey {
      case label, probability
      case name = "class"
    }
  }

  func run() throws {
    try common.apply()
    for (name, value) in [("--top", top), ("--batch-size", batchSize)] where value < 1 {
      throw CommandError("\(name): \(value) is not above 0", exitCode: 64)
    }
    StopSignal.listen()
    let loaded = try network.load(model)
    let reader = try loaded.pictureReader()
    let files = try PictureReader.files(pictures)
    let layout = Layout(files: files, classNames: loaded.description.classNames)
    var badCount = 0
    for start in stride(from: 0, to: files.count, by: batchSize) {
      let chunk = Array(files[start..<min(files.count, start + batchSize)])
      let result = reader.read(chunk)
      for picture in result.bad { Console.error("\(picture)") }
      badCount += result.bad.count
      if !result.places.isEmpty { show(chunk, result, loaded, layout) }
      if StopSignal.isSet { throw ExitCode(StopSignal.exitCode) }
    }
    if badCount > 0 { throw ExitCode(65) }
  }

  private func show(
    _ files: [String], _ result: PictureReader.Result, _ loaded: LoadedModel, _ layout: Layout
  ) {
    let logits = loaded.model.logits(Variable(result.images), .evaluation()).value
    let probabilities = logits.softmaxOfRows.scalars
    let names = loaded.description.classNames
    for (row, place) in result.places.enumerated() {
      let values = probabilities[row * names.count..<(row + 1) * names.count]
      let best = values.enumerated().sorted {
        ($1.element, $0.offset) < ($0.element, $1.offset)
      }
      let guesses = best.prefix(top).map { offset, value in
        Guess(label: offset, name: names[offset], probability: Double(value))
      }
      if common.json {
        Console.json(Prediction(file: files[place], predictions: guesses))
      } else {
        Console.result(layout.line(files[place], guesses))
      }
    }
  }

  /// Columns that are the same for all pictures, so that lines can be written as they come.
  private struct Layout {
    private let fileWidth: Int
    private let nameWidth: Int

    init(files: [String], classNames: [String]) {
      func widest(_ texts: [String], limit: Int) -> Int {
        min(limit, texts.map { DisplayWidth.width(of: $0.printable) }.max() ?? 0)
      }
      fileWidth = widest(files, limit: 60)
      nameWidth = widest(classNames, limit: 30)
    }

    func line(_ file: String, _ guesses: [Guess]) -> String {
      let texts = guesses.map { guess in
        let percent = fixed(100 * guess.probability, 2)
        let space = String(repeating: " ", count: max(0, 6 - percent.count))
        return "\(padded(guess.name, nameWidth)) \(space)\(percent) %"
      }
      return ([padded(file, fileWidth)] + texts).joined(separator: "  ")
    }

    private func padded(_ text: String, _ width: Int) -> String {
      let text = DisplayWidth.shortened(text.printable, to: width)
      return text + String(repeating: " ", count: max(0, width - DisplayWidth.width(of: text)))
    }
  }
}
