import Foundation
import Smoot

/// Chooses images that networks take rightly and wrongly, and draws their maps.
struct PictureCollector {
  let methods: [ChosenMethod]
  let flags: AttributionFlags
  let network: NetworkFlags
  let images: ImageFlags
  let common: CommonFlags
  let sign: HeatmapScale.Sign
  let scaling: MapScaling
  /// How many images of each kind.
  let count: Int

  /// Images that are looked at for right and wrong predictions.
  static let candidates = 1000

  /// A network with the name that the report gives its run.
  private struct Named {
    let name: String
    let model: LoadedModel
  }

  /// Pictures for each data set that the runs learned, or why there are none.
  func collect(_ runs: [ReportedRun]) -> [RunReport.Pictures] {
    var result: [RunReport.Pictures] = []
    var sets: [String] = []
    var members: [String: [Named]] = [:]
    for run in runs {
      do {
        let model = try network.load(run.path)
        let key = model.description.dataset
        if members[key] == nil { sets.append(key) }
        members[key, default: []].append(Named(name: run.name, model: model))
      } catch { result.append(.missing("\(run.name): \(error)")) }
    }
    for set in sets {
      let named = members[set] ?? []
      do {
        result += try pictures(of: set, named)
      } catch {
        let names = named.map(\.name).joined(separator: ", ")
        result.append(.missing("pictures of \(set) for \(names): \(error)"))
      }
    }
    return result
  }

  private func pictures(of set: String, _ named: [Named]) throws -> [RunReport.Pictures] {
    guard let first = named.first else { return [] }
    let dataset = try images.load(for: first.model, common)
    for other in named.dropFirst() { try other.model.check(takes: dataset) }
    let number = min(dataset.count, Self.candidates)
    // Evenly over the data set, which may be sorted by class.
    let places = (0..<number).map { $0 * dataset.count / number }
    let predictions = try named.map { try Self.predictions(of: $0.model, dataset, places, flags) }
    let labels = dataset.labels
    let isRight = places.indices.map { index in
      predictions.allSatisfy { $0[index] == Int(labels[places[index]]) }
    }
    let (right, wrong) = (
      choose(places.indices.filter { isRight[$0] }.map { places[$0] }, labels),
      choose(places.indices.filter { !isRight[$0] }.map { places[$0] }, labels)
    )
    let among =
      "\(NumberFormat.grouped(number)) \(dataset.split) images spread over \(dataset.name)"
    let rule =
      "chosen without looking at the maps: the first of each class in turn, among \(among)"
    let who = named.count == 1 ? "the network" : "every network"
    let someone = named.count == 1 ? "the network" : "at least one network"
    let kinds = [
      (right, "Right predictions", "Images that \(who) takes rightly"),
      (wrong, "Wrong predictions", "Images that \(someone) takes wrongly"),
    ]
    let share = isRight.count { !$0 }
    let surroundings = try flags.surroundings(
      methods, first.model, images, dataset.normalization, common)
    return try kinds.map { chosen, title, words in
      guard !chosen.isEmpty else {
        return .missing("\(title.lowercased()) of \(dataset.name): none among \(among).")
      }
      let drawn = try draw(dataset, chosen, named, surroundings)
      let heading = "\(title): \(dataset.name)"
      let mistakes = title.hasPrefix("Wrong") ? " There are \(share) such images among these." : ""
      return .shown(
        title: heading, explanation: "\(words), \(rule).\(mistakes)",
        table: table(drawn, named, caption: caption(dataset)))
    }
  }

  /// The class that a network takes each image for.
  private static func predictions(
    of model: LoadedModel, _ dataset: ImageDataset, _ places: [Int], _ flags: AttributionFlags
  ) throws -> [Int] {
    let size = try flags.pieceSize(for: model.model)
    let found = stride(from: 0, to: places.count, by: size).flatMap { start in
      let batch = dataset.batch(Array(places[start..<min(places.count, start + size)]))
      return model.model.logits(Variable(batch.images), .evaluation()).value.argmaxOfRows
    }
    try dataset.checkReadable()
    return found
  }

  /// The first image of each class, then the second of each, and so on.
  private func choose(_ places: [Int], _ labels: [Int32]) -> [Int] {
    let classes = Dictionary(grouping: places) { labels[$0] }.sorted { $0.key < $1.key }
      .map(\.value)
    var chosen: [Int] = []
    for turn in 0..<(classes.map(\.count).max() ?? 0) {
      chosen += classes.compactMap { turn < $0.count ? $0[turn] : nil }
      if chosen.count >= count { break }
    }
    return Array(chosen.prefix(count))
  }

  private func draw(
    _ dataset: ImageDataset, _ places: [Int], _ named: [Named], _ surroundings: Surroundings
  ) throws -> MapPictures {
    let batch = dataset.batch(places)
    let explained = try named.map {
      try ExplainedModel(
        batch.images, labels: batch.labels, indices: batch.indices, $0.model, methods,
        surroundings, flags, pieceSize: flags.pieceSize(for: $0.model.model))
    }
    return MapPictures(
      explained, images: batch.images, labels: batch.labels, indices: batch.indices,
      dataset: dataset, sign: sign, scaling: scaling)
  }

  private func caption(_ dataset: ImageDataset) -> String {
    let names = methods.map { "\($0.name) of the \($0.score.rawValue)" }.joined(separator: ", ")
    let explained = flags.target ?? "label" == "label" ? "the label" : "the predicted class"
    return
      "\(dataset.name) \(dataset.split): maps by \(names), explaining \(explained). Under each map is what its network says and with which probability."
  }

  private func table(
    _ pictures: MapPictures, _ named: [Named], caption: String
  ) -> PictureTable {
    let probabilities = pictures.models.map { $0.logits.softmaxOfRows }
    let rows = pictures.labels.indices.map { image in
      let className = pictures.className(image)
      let maps = methods.indices.flatMap { method in
        named.indices.map { model in
          let heatmap = pictures.map(model: model, method: method, image: image)
          let explained = pictures.models[model]
          let best = explained.logits.argmaxOfRows[image]
          let guess = explained.classNames[best]
          let share = probabilities[model].scalars[image * explained.classNames.count + best]
          let isWrong = best != Int(pictures.labels[image])
          let status = explained.maps[method].attribution.statuses[image]
          let note = [
            status == .ok ? nil : status.rawValue,
            heatmap.note == status.rawValue ? nil : heatmap.note,
          ].compactMap(\.self)
          return PictureTable.Cell(
            heatmap.image,
            description:
              "\(methods[method].name) map of \(named[model].name) for image \(pictures.indices[image]), \(className); predicted \(guess)",
            caption: (["\(isWrong ? "✗ " : "")\(guess) \(fixed(Double(share), 2))"] + note)
              .joined(separator: ", "),
            isWrong: isWrong)
        }
      }
      return PictureTable.Row(
        className, detail: "image \(pictures.indices[image])",
        cells: [
          PictureTable.Cell(
            pictures.images[image],
            description: "image \(pictures.indices[image]), \(className)")
        ] + maps)
    }
    let columns = methods.flatMap { method in
      named.map { named in
        methods.count == 1 ? named.name : "\(method.name), \(named.name)"
      }
    }
    return PictureTable(
      caption: caption, corner: "class", columns: ["image"] + columns, rows: rows,
      colorBar: ColorBar(pictures.renderer, scale: pictures.scale))
  }
}
