import Smoot

/// The methods of the registry, for people and programs.
struct MethodList: Encodable {
  struct Option: Encodable {
    let name: String
    let usual: String
    let summary: String
  }

  struct Entry: Encodable {
    let name: String
    let family: String
    let summary: String
    let cost: String
    let suits: [String]
    let options: [Option]
  }

  let methods: [Entry]

  /// All methods, or some.
  init(only names: [String]? = nil) {
    let all = AttributionRegistry.methods.map { $0.description }
    methods = all.filter { names?.contains($0.name) ?? true }.map { method in
      Entry(
        name: method.name, family: method.family.rawValue, summary: method.summary,
        cost: method.cost,
        suits: method.suits.map(Self.word),
        options: method.options.map {
          Option(name: $0.name, usual: $0.usual, summary: $0.summary)
        })
    }
  }

  private static func word(_ family: ModelFamily) -> String {
    switch family {
    case .convolutional: "cnn"
    case .transformer: "vit"
    case .residual: "resnet"
    }
  }

  /// A line on each method.
  func table() -> Table {
    var table = Table(columns: [
      .init("method"), .init("family"), .init("passes"), .init("models"), .init("what it is"),
    ])
    for method in methods {
      let isForAll = method.suits.count == ModelFamily.allCases.count
      table.append([
        .text(method.name), .text(method.family), .text(method.cost),
        .text(isForAll ? "all" : method.suits.joined(separator: ", ")), .text(method.summary),
      ])
    }
    return table
  }

  /// A line on each option.
  func optionTable() -> Table {
    var table = Table(columns: [
      .init("option"), .init("default"), .init("what it decides"),
    ])
    for method in methods {
      for option in method.options {
        table.append([
          .text("\(method.name).\(option.name)"),
          option.usual.isEmpty ? .missing : .text(option.usual), .text(option.summary),
        ])
      }
    }
    return table
  }
}
