import ArgumentParser
import Smoot

/// `smoot inspect FILE`: what is in a checkpoint.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a safetensors file holds, and whether it is sound."
  )

  @Argument(help: "The file.") var file: String
  @Flag(name: .long, help: "Print one JSON object.") var json = false

  struct Content: Encodable {
    struct Entry: Encodable {
      let name: String
      let type: String
      let shape: [Int]
      let bytes: Int
    }
    let file: String
    let tensors: [Entry]
    let metadata: [String: String]
  }

  func run() throws {
    let content = try TensorFile(contentsOf: file)
    let entries = content.entries.sorted { $0.key < $1.key }
    if json {
      let tensors = entries.map { name, entry in
        Content.Entry(
          name: name, type: entry.type, shape: entry.shape, bytes: entry.data.count)
      }
      return Console.json(Content(file: file, tensors: tensors, metadata: content.metadata))
    }
    var table = Table(columns: [
      .init("tensor"), .init("type"), .init("shape"), .init("bytes", .right),
    ])
    for (name, entry) in entries {
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
