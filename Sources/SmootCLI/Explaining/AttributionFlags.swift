import ArgumentParser
import Foundation
import Smoot

/// Flags that say how attribution methods work.
struct AttributionFlags: ParsableArguments {
  @Option(
    name: .customLong("option"),
    help: ArgumentHelp(
      "An option of a method, as name=value or METHOD.name=value; may be given several times.",
      valueName: "name=value"))
  var settings: [String] = []

  @Option(help: "The layer of class activation maps (smoot layers lists them).")
  var layer: String?

  @Option(
    help:
      "Whose details class activation maps follow where libraries and papers differ: captum, pgc (pytorch-grad-cam) or paper (default: by method)."
  )
  var convention: String?

  @Option(
    help: ArgumentHelp(
      "Memory that passes through a network may take; changes no map.", valueName: "size"))
  var maxMemory = "2G"

  @Option(help: "Where random draws come from.") var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "How many images of the training part, drawn by --seed, methods such as gradient-shap compare with (default: 32).",
      valueName: "N"))
  var references: Int?

  @Option(
    help:
      "The class to explain: label or predicted (default: label; for study roar predicted, since there maps of the label would write the label into what is removed)."
  )
  var target: String?

  @Option(help: "Maps without their negative values: class-activation, all or none.")
  var rectify = Rectification.classActivation.rawValue

  /// The class to explain.
  ///
  /// - Parameter usual: the one where none is chosen.
  func explainedClass(
    usual: SaliencyTarget = .label
  ) throws(CommandError) -> SaliencyTarget {
    guard let target else { return usual }
    guard let value = SaliencyTarget(rawValue: target == "predicted" ? "pred" : target) else {
      throw CommandError("--target: \"\(target)\" is not one of: label|predicted", exitCode: 64)
    }
    return value
  }

  /// What `--max-memory` allows for a model.
  func pieceSize(for model: any Classifier) throws(CommandError) -> Int {
    let memory = try ByteCount("--max-memory", maxMemory)
    return AttributionContext.pieceSize(for: model, maximumMemory: memory.bytes)
  }

  /// What is to be said where not even one image at a time keeps to `--max-memory`.
  func memoryWarning(for model: LoadedModel) throws(CommandError) -> String? {
    let memory = try ByteCount("--max-memory", maxMemory)
    let needed = AttributionContext.imageMemory(for: model.model)
    guard memory.bytes < needed else { return nil }
    return
      "--max-memory \(maxMemory): is exceeded; one image under \(model.path) takes about \(NumberFormat.bytes(needed))"
  }

  /// What methods need besides images: those to compare with where one does, and the values of black and white.
  ///
  /// - Parameters:
  ///   - methods: the methods.
  ///   - model: whose training images are drawn.
  ///   - images: name the data set.
  ///   - normalization: of the images that are explained.
  ///   - common: whether what was drawn is said.
  func surroundings(
    _ methods: [ChosenMethod], _ model: LoadedModel, _ images: ImageFlags,
    _ normalization: Normalization, _ common: CommonFlags
  ) throws -> Surroundings {
    try surroundings(methods, normalization, common) { names in
      try ReferenceImages(references, seed: seed, of: model, images, names, common)
    }
  }

  /// What methods need besides images, with those to compare with from a training part in memory.
  func surroundings(
    _ methods: [ChosenMethod], _ training: ImageDataset, _ common: CommonFlags
  ) throws -> Surroundings {
    try surroundings(methods, training.normalization, common) { _ in
      try ReferenceImages(references, seed: seed, of: training)
    }
  }

  private func surroundings(
    _ methods: [ChosenMethod], _ normalization: Normalization, _ common: CommonFlags,
    draw: (_ names: String) throws -> ReferenceImages
  ) throws -> Surroundings {
    let needing = methods.filter { $0.method.needs.contains(.references) }.map(\.name)
    if let references, references < 1 {
      throw CommandError("--references: \(references) is not above 0", exitCode: 64)
    }
    let range = PixelRange(normalization)
    guard !needing.isEmpty else {
      if references != nil {
        let names = methods.map(\.name).joined(separator: ", ")
        throw CommandError(
          "--references: \(names.isEmpty ? "nothing" : "none of \(names)") compares with images",
          exitCode: 64)
      }
      return Surroundings(references: nil, pixelRange: range)
    }
    let names = needing.joined(separator: ", ")
    let drawn = try draw(names)
    common.note("\(names): compared with \(drawn)")
    return Surroundings(references: drawn, pixelRange: range)
  }

  /// The methods of a list of names, with their options.
  ///
  /// - Parameters:
  ///   - flag: the flag that the names come from.
  ///   - names: separated by commas.
  ///   - settings: the options.
  ///   - score: the score that a method explains.
  func methods(
    _ flag: String, _ names: String, _ settings: SettingList,
    score: (String) -> ScoreKind
  ) throws -> [ChosenMethod] {
    let wanted = try nameList(flag, names)
    var options: [String: [String: String]] = [:]
    let known = AttributionRegistry.methods.map { $0.description }
    for name in wanted {
      // An unknown name is an error with a suggestion.
      _ = try AttributionRegistry.make(name)
      options[name] = settings.values(of: name)
    }
    let chosen = known.filter { wanted.contains($0.name) }
    for (name, value) in settings.common {
      let word = String(name.prefix { $0 != "." })
      let takers = chosen.filter { $0.options.contains { $0.name == word } }
      guard !takers.isEmpty else { throw unknown(name, chosen) }
      for method in takers { options[method.name]?[name] = value }
    }
    let shared = [
      ("--layer", layer, ["layer", "layers"], "is about a layer"),
      ("--convention", convention, ["convention"], "has conventions"),
    ]
    _ = try layer.map { try nameList("--layer", $0) }
    let _: NormalizationConvention? = try convention.map { try choice("--convention", $0) }
    for (flag, value, names, what) in shared {
      guard let value else { continue }
      let takers = chosen.compactMap { method in
        method.options.first { names.contains($0.name) }.map { (method.name, $0.name) }
      }
      guard !takers.isEmpty else {
        throw CommandError(
          "\(flag): none of \(wanted.joined(separator: ", ")) \(what)", exitCode: 64)
      }
      for (method, option) in takers { options[method]?[option] = value }
    }
    return try wanted.map { name in
      try ChosenMethod(name, MethodOptions(options[name] ?? [:]), score: score(name))
    }
  }

  private func unknown(_ name: String, _ methods: [MethodDescription]) -> CommandError {
    let options = Set(methods.flatMap { $0.options.map(\.name) }).sorted()
    let guess = nearestWord(to: name, among: options).map { " (did you mean \"\($0)\"?)" }
    let known = options.isEmpty ? "they have none" : "known are \(options.joined(separator: ", "))"
    return CommandError(
      "--option: \(methods.map(\.name).joined(separator: ", ")): no option \"\(name)\"\(guess ?? ""); \(known)",
      exitCode: 64)
  }
}

/// Names separated by commas, each once.
func nameList(_ flag: String, _ text: String) throws(CommandError) -> [String] {
  let names = text.split(separator: ",", omittingEmptySubsequences: false).map {
    $0.trimmingCharacters(in: .whitespaces)
  }
  guard !names.contains("") else {
    throw CommandError("\(flag): \"\(text)\" is not a list of names such as a,b", exitCode: 64)
  }
  var seen = Set<String>()
  if let twice = names.first(where: { !seen.insert($0).inserted }) {
    throw CommandError("\(flag): \"\(twice)\" is given twice", exitCode: 64)
  }
  return names
}
