import ArgumentParser
import Smoot

/// `smoot layers`: the layers that class activation maps can be made of.
struct LayersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers", abstract: "List a model's layers for class activation maps.",
    discussion: """
      The names are those of PyTorch's modules; the default is what class activation maps are made of unless --layer says otherwise.

      Example:
        smoot layers Checkpoints/cifar10-smoot
      """)

  @Argument(help: "A run's folder or a checkpoint.") var model: String
  @OptionGroup(title: "Model") var network: NetworkFlags
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    let list = LayerList(try network.load(model))
    if common.json { Console.json(list) } else { Console.result(list.table().text()) }
  }
}
