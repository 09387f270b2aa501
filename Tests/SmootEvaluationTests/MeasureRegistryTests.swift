import SmootEvaluation
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Measures by name, and options by text.
@Suite struct MeasureRegistryTests {
  @Test func namesAreUnique() {
    let names = MeasureRegistry.measures.map { $0.information.name }
    #expect(Set(names).count == names.count)
    let scores = MeasureRegistry.scores.map(\.name)
    #expect(Set(scores).count == scores.count)
    #expect(names.count == 12)
  }

  @Test func findsMeasuresByTheirNamesAndScores() throws {
    for type in MeasureRegistry.measures {
      #expect(Swift.type(of: try MeasureRegistry.measure(type.information.name)) == type)
      #expect(!type.scores.isEmpty && !type.information.summary.isEmpty)
    }
    #expect(try MeasureRegistry.measure("deletion") is InsertionDeletion)
    #expect(try MeasureRegistry.measure("increase-in-confidence") is ConfidenceChange)
    let error = #expect(throws: MeasureError.self) { try MeasureRegistry.measure("infidelty") }
    #expect("\(try #require(error))".contains("did you mean \"infidelity\"?"))
    #expect(error?.exitCode == 64)
  }

  /// Every option gives back what it took, and refuses nonsense.
  @Test func readsAndWritesEveryOption() throws {
    for type in MeasureRegistry.measures {
      var measure = type.init()
      for setting in measure.settings {
        try measure.set(setting.name, to: setting.value)
        #expect(throws: MeasureError.self) { try measure.set(setting.name, to: "nonsense") }
        #expect(throws: MeasureError.self) { try measure.set(setting.name, to: "") }
      }
      #expect(measure.settings == type.init().settings)
      #expect(throws: MeasureError.self) { try measure.set("nonsense", to: "1") }
    }
  }

  @Test func setsOptions() throws {
    let measure = try MeasureRegistry.measure(
      "road",
      settings: [
        MeasureSetting(name: "percent", value: "20,60"),
        MeasureSetting(name: "noise", value: "0.5"),
        MeasureSetting(name: "score", value: "accuracy"),
        MeasureSetting(name: "seed", value: "7"),
      ])
    let road = try #require(measure as? ROAD)
    #expect(road.percent == [20, 60] && road.noise == 0.5 && road.score == .accuracy)
    #expect(road.seed == 7)
    #expect(
      road.cost(for: ImageSize(channels: 1, height: 2, width: 2)).description == "4 forward passes")
    for value in ["0,50", "50,20", "20,,30", "100", "2.5"] {
      #expect(throws: MeasureError.self) {
        try MeasureRegistry.measure(
          "road", settings: [MeasureSetting(name: "percent", value: value)])
      }
    }
    let error = #expect(throws: MeasureError.self) {
      try MeasureRegistry.measure("road", settings: [MeasureSetting(name: "score", value: "p")])
    }
    #expect(
      "\(try #require(error))"
        == "road: score is one of prob, logit, logprob, accuracy, not \"p\"")
  }

  @Test func refusesMapsThatDoNotFit() throws {
    let model = LinearModel([1, 2, 3, 4, 5, 6], size: ImageSize(channels: 1, height: 2, width: 3))
    let batch = model.batch([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1]])
    for shape: Shape in [[2, 6], [2, 1, 2, 3]] {
      _ = try Explanation(maps: .zeros(shape), of: batch)
    }
    for shape: Shape in [[1, 6], [2, 5], [2, 3, 2, 3], [2, 1, 3, 2], [12]] {
      #expect(throws: MeasureError.self) { try Explanation(maps: .zeros(shape), of: batch) }
    }
    let error = #expect(throws: MeasureError.self) {
      try Explanation(
        maps: Tensor([0, 0, 0, 0, 0, 0, 0, .nan, 0, 0, 0, 0], shape: [2, 6]), of: batch)
    }
    #expect(
      "\(try #require(error))" == "maps: expected finite numbers, found nan in the map of image 1")
    #expect(error?.exitCode == 65)
  }
}
