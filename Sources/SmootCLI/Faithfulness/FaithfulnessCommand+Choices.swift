import Foundation
import Smoot

/// What the flags mean.
extension FaithfulnessCommand {
  /// The options of methods and measures.
  func settingList() throws -> SettingList {
    let chosen = try methods.map { try nameList("--methods", $0) } ?? []
    let measures = MeasureRegistry.measures.map { $0.information.name }
    return try SettingList(
      flags.settings, owners: chosen + measures,
      others: AttributionRegistry.names.filter { !chosen.contains($0) }, needsOwner: true)
  }

  func chosenMethods(_ settings: SettingList) throws -> [ChosenMethod] {
    let kind: ScoreKind = try choice("--score", score)
    guard let methods else { return [] }
    return try flags.methods("--methods", methods, settings) { _ in kind }
  }

  func chosenMeasures(_ settings: SettingList) throws -> [ChosenMeasure] {
    let measures = try ChosenMeasure.parse(
      metrics ?? "all", hasRandomLabelModel: randomLabelModel != nil, settings
    ).map { chosen in
      try settings.values(of: chosen.name)["seed"] == nil
        ? chosen.drawing(from: flags.seed) : chosen
    }
    let comparesLabels = measures.contains { $0.information.needs.contains(.randomLabelModel) }
    if randomLabelModel != nil, !comparesLabels {
      throw CommandError(
        "--random-label-model: \(LabelRandomization.information.name) is not among --metrics",
        exitCode: 64)
    }
    if metrics == nil || metrics == "all", !comparesLabels {
      common.note(
        "\(LabelRandomization.information.name) is left out: it needs --random-label-model RUN")
    }
    let used = Set(measures.map(\.name))
    let unused = MeasureRegistry.measures.map { $0.information.name }.first {
      !used.contains($0) && !settings.values(of: $0).isEmpty
    }
    if let unused {
      throw CommandError("--option: \(unused) is not among --metrics", exitCode: 64)
    }
    if methods == nil, !measures.contains(where: \.takesFiles) {
      throw CommandError(
        "--maps: files alone cannot be measured by \(measures.map(\.name).joined(separator: ", ")), which explain other images too; give --methods",
        exitCode: 64)
    }
    return measures
  }

  func plan(
    _ methods: [ChosenMethod], _ measures: [ChosenMeasure], _ files: [MapFile]
  ) throws -> FaithfulnessPlan {
    var sources = methods.map { MapSource(kind: .method($0)) }
    sources += files.map { MapSource(kind: .file($0)) }
    if control { sources.append(MapSource(kind: .control)) }
    var names = Set<String>()
    if let twice = sources.map(\.name).first(where: { !names.insert($0).inserted }) {
      throw CommandError(
        "--maps: \"\(twice)\" would name two rows of the table; rename the file", exitCode: 64)
    }
    var patches = PastedPatches.Options()
    patches.patch = try choice("--patch", patch)
    patches.background = try choice("--patch-background", patchBackground)
    patches.side = patchSide
    patches.seed = flags.seed
    return FaithfulnessPlan(
      sources: sources, measures: measures, target: try flags.explainedClass(),
      rectification: try choice("--rectify", flags.rectify), seed: flags.seed,
      maximumMemory: try ByteCount("--max-memory", flags.maxMemory).bytes, patches: patches,
      randomLabelModel: try randomLabelModel.map(loadRandomLabelModel))
  }

  /// The other network of the label-randomization check.
  private func loadRandomLabelModel(_ path: String) throws -> LoadedModel {
    let loaded = try network.load(path)
    guard loaded.training?.permuteLabels == true else {
      throw CommandError(
        "\(path): was not trained on permuted labels; train a run with --permute-labels true",
        exitCode: 65)
    }
    return loaded
  }

  func chosenPlaces(of dataset: ImageDataset) throws -> [Int] {
    if let indices {
      return try IndexList(indices, count: dataset.count).values
    }
    if let imageCount, imageCount < 1 {
      throw CommandError("--images: \(imageCount) is not above 0", exitCode: 64)
    }
    if let imageCount, imageCount > dataset.count {
      throw CommandError(
        "--images: \(imageCount) is more than the \(dataset.count) images there are", exitCode: 64)
    }
    return Array(0..<(imageCount ?? min(dataset.count, 256)))
  }

  /// Everything that changes the numbers, as text.
  func conditions(
    _ jobs: [FaithfulnessJob], _ names: [String]
  ) throws -> [String: String] {
    guard let first = jobs.first else { return [:] }
    let (plan, dataset, count) = (first.plan, first.dataset, first.places.count)
    var result = [
      "dataset": "\(dataset.name) \(dataset.split)", "images": "\(count)",
      "indices": indices ?? "0:\(count)", "score": score,
      "target": plan.target == .label ? "label" : "predicted", "seed": "\(plan.seed)",
      "rectify": plan.rectification.rawValue, "interval": interval(of: plan.measures),
      "version": SmootCommand.version, "command": GivenCommand.text,
    ].merging(network.texts) { $1 }
    func text(_ options: [String: String]) -> String {
      options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
    for source in plan.sources {
      if case .method(let method) = source.kind, !method.resolved.isEmpty {
        result["method \(method.name)"] = text(method.resolved)
      }
    }
    result.merge(surroundings(jobs, names)) { $1 }
    for measure in plan.measures { result["measure \(measure.name)"] = text(measure.resolved) }
    if plan.measures.contains(where: \.needsObjects) {
      result["pasted patches"] =
        "patch=\(patch) background=\(patchBackground) side=\(patchSide) seed=\(plan.patches.seed)"
    }
    return result
  }

  /// How the intervals of scores and curves are found.
  private func interval(of measures: [ChosenMeasure]) -> String {
    var shares = measures.flatMap(\.scores).filter { $0.interval != .normal }.map(\.name)
    if measures.contains(where: \.hasAccuracies) { shares.append("accuracy") }
    return "95 %, normal" + (shares.isEmpty ? "" : "; Wilson for \(shares.joined(separator: ", "))")
  }

  /// Says which files have names of methods whose own maps lose their negative values, as those in files do not.
  func noteSigns(of files: [MapFile]) {
    let rectified = AttributionRegistry.methods.map { $0.description }.filter {
      $0.family == .classActivation && $0.isRectified
    }.map(\.name)
    for file in files
    where rectified.contains(file.name) && flags.rectify != Rectification.none.rawValue {
      common.note(
        "\(file.name): the file's maps are measured with their signs; --rectify does not reach files"
      )
    }
  }

  /// What methods were given besides images, for each run where runs differ.
  private func surroundings(
    _ jobs: [FaithfulnessJob], _ names: [String]
  ) -> [String: String] {
    var result: [String: String] = [:]
    func add(_ key: String, _ texts: [String]) {
      guard Set(texts).count > 1 else {
        result[key] = texts.first
        return
      }
      for (name, text) in zip(names, texts) { result["\(key) of \(name)"] = text }
    }
    add("references", jobs.compactMap { $0.surroundings.references?.description })
    let needs = jobs.first?.plan.sources.contains { source in
      guard case .method(let method) = source.kind else { return false }
      return method.method.needs.contains(.pixelRange)
    }
    if needs == true { add("pixel range", jobs.map(\.surroundings.pixelRange.text)) }
    return result
  }
}

extension ChosenMeasure {
  /// The measure with its random draws, if it makes any, from a seed.
  fileprivate func drawing(from seed: UInt64) throws(MeasureError) -> ChosenMeasure {
    guard resolved["seed"] != nil else { return self }
    var measure = measure
    try measure.set("seed", to: "\(seed)")
    return ChosenMeasure(measure: measure, scores: scores)
  }
}
