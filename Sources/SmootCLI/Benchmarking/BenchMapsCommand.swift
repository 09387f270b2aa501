import ArgumentParser
import Smoot
import SmootBenchmarks

/// `smoot bench maps`.
struct BenchMapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maps",
    abstract: "Time the maps of an attribution method for a network with initial weights.",
    discussion: """
      Examples:
        smoot bench maps --method gradient --dataset mnist --count 2000
        smoot bench maps --method smoothgrad --option samples=25 --model resnet18 --images 3x32x32
        smoot bench maps --method gradient --model resnet18 --images 3x32x32 --profile
      """)

  @Option(help: "The method (smoot explain --list).") var method = "gradient"
  @Option(
    name: .customLong("option"),
    help: ArgumentHelp(
      "An option of the method; may be given several times.", valueName: "name=value"))
  var options: [String] = []
  @OptionGroup(title: "What is measured") var subject: BenchSubject
  @Option(help: "How many images.") var count = 256
  @Option(help: "How often to explain them all.") var rounds = 3
  @Flag(help: "Show where the time goes, operation by operation.") var profile = false
  @Option(
    help: ArgumentHelp(
      "Memory that passes through a network may take; changes no map.", valueName: "size"))
  var maxMemory = "2G"
  @OptionGroup(title: "Console") var common: CommonFlags

  func run() throws {
    try common.apply()
    guard count > 0, rounds > 0 else {
      throw CommandError("--count and --rounds: must be above 0", exitCode: 64)
    }
    let settings = try SettingList(options, owners: [method], others: [])
    var chosen = settings.values(of: method)
    for (name, value) in settings.common { chosen[name] = value }
    // An option that the method lacks is refused before any image is read.
    let timed = try AttributionRegistry.make(method, MethodOptions(chosen))
    let configuration = try subject.configuration(with: [])
    guard configuration.precision == .float32 else {
      throw CommandError("--precision: maps are computed in fp32", exitCode: 64)
    }
    let memory = try ByteCount("--max-memory", maxMemory)
    let images = try subject.images(configuration, count: count, common).limited(to: count)
    let benchmark = try AttributionBenchmark(
      timed, chosen, configuration: configuration, dataset: images,
      pixelRange: PixelRange(images.normalization), maximumMemory: memory.bytes)
    if profile { return show(try benchmark.profile(rounds: rounds), common) }
    let result = try benchmark.run(rounds: rounds)
    if common.json { return Console.json(result) }
    let range = "\(fixed(result.secondsMinimum, 2)) to \(fixed(result.secondsMaximum, 2)) s"
    Console.result(
      "\(result.method) of \(result.model), \(result.images) images, \(result.imagesPerPass) in a pass, \(result.threads) threads, \(Machine.kernels): \(fixed(result.mapsPerSecond, 1)) maps a second (\(rounds) rounds of \(range))"
    )
  }
}
