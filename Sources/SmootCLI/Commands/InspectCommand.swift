import ArgumentParser
import Smoot

/// `smoot inspect FILE`: what is in a checkpoint.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a safetensors file holds, and whether it is sound."
  )

  @Argument(help: "The file.") var file: String

  func run() throws {
    let content = try TensorFile(contentsOf: file)
    var table = Table(columns: [
      .init("tensor"), .init("type"), .init("shape"), .init("bytes", .right),
    ])
    for (name, entry) in content.entries.sorted(by: { $0.key < $1.key }) {
      table.append([
        .text(name), .text(entry.type), .text("\(entry.shape)"), .integer(entry.data.count),
      ])
    }
    Console.result(table.text())
    for (name, text) in content.metadata.sorted(by: { $0.key < $1.key }) {
      Console.result("\(name): \(text)")
    }
  }
}
