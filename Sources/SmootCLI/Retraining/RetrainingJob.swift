import ArgumentParser
import Foundation
import Smoot

/// Removes, or keeps, what methods find important, and trains a network from scratch on what is left.
struct RetrainingJob {
  let loaded: LoadedModel
  let configuration: TrainingConfiguration
  let sets: DatasetPair
  let kind: RemoveAndRetrain.Kind
  let values: MapValues
  /// Shares of the most important pixels, in percent.
  let shares: [Int]
  let seeds: [UInt64]
  let stores: [MapStore]
  let folder: String

  /// The accuracies of a method, or of images as they are.
  struct Curve {
    /// `nil` for a network trained on the images as they are.
    let method: ChosenMethod?
    let seed: UInt64
    /// Shares of replaced pixels, in percent, and accuracies.
    var points: [(replaced: Int, accuracy: Double)]
  }

  /// How many trainings there are: each seed once on the images as they are, and then for each method and share.
  var trainingCount: Int { seeds.count * (1 + stores.count * shares.count) }

  /// The share of pixels that is replaced for a share of important ones.
  private func replaced(_ share: Int) -> Int { kind == .remove ? share : 100 - share }

  /// Runs what is not done yet.
  func run(_ line: inout ProgressLine) throws -> [Curve] {
    let means = RemoveAndRetrain.channelMeans(of: sets.training)
    var number = 0
    var whole: [UInt64: Double] = [:]
    for seed in seeds {
      number += 1
      let data = Retraining.Data(training: sets.training, test: sets.test)
      whole[seed] = try retraining("unchanged", seed, number, key: "").run({ data }, &line)
    }
    var curves: [Curve] = []
    for store in stores {
      var found = seeds.map { seed in
        Curve(method: store.method, seed: seed, points: [(0, whole[seed] ?? .nan)])
      }
      let files = (
        training: try store.make(sets.training, &line), test: try store.make(sets.test, &line)
      )
      let key = store.key(sets.training) + store.key(sets.test)
      for share in shares {
        var change = RemoveAndRetrain(kind, percent: share)
        change.values = values
        // The seeds of a share train on the same images.
        var ready: Retraining.Data?
        for index in seeds.indices {
          number += 1
          let name = "\(kind.rawValue)-\(store.method.name)-\(share)"
          let training = retraining(name, seeds[index], number, key: "\(key) \(values.rawValue)")
          let accuracy = try training.run(
            {
              let data = try ready ?? changed(change, files.training, files.test, means)
              ready = data
              return data
            }, &line)
          found[index].points.append((replaced(share), accuracy))
        }
      }
      curves += found
    }
    return curves.map { curve in
      var curve = curve
      curve.points.sort { $0.replaced < $1.replaced }
      return curve
    }
  }

  private func retraining(
    _ name: String, _ seed: UInt64, _ number: Int, key: String
  ) -> Retraining {
    var configuration = configuration
    configuration.seed = seed
    let settings = configuration.settings.filter { $0.key != "data" && $0.key != "keep" }
    return Retraining(
      directory: RunDirectory(path: "\(folder)/runs/\(name)-seed-\(seed)"),
      configuration: configuration,
      key: JobKey.digest {
        $0.add(name)
        $0.add(key)
        $0.add(settings)
        $0.add(sets.training.digest)
        $0.add(sets.test.digest)
      }, label: "\(number)/\(trainingCount) \(name) seed \(seed)")
  }

  /// The images with pixels replaced.
  private func changed(
    _ change: RemoveAndRetrain, _ training: MapStore.Files, _ test: MapStore.Files,
    _ means: [Float]
  ) throws -> Retraining.Data {
    func dataset(_ dataset: ImageDataset, _ files: MapStore.Files) throws -> ImageDataset {
      var start = 0
      return try change.dataset(dataset, means: means, batchSize: MapStore.batchSize) { batch in
        defer { start += batch.labels.count }
        return try files.maps(from: start, count: batch.labels.count)
      }
    }
    return Retraining.Data(
      training: try dataset(sets.training, training), test: try dataset(sets.test, test))
  }
}
