import SmootTraining
import Testing

@Suite struct ConfigurationTests {
  @Test(arguments: TrainingConfiguration.options.map(\.name))
  func writesAndReadsEachOption(_ name: String) throws {
    let option = try #require(TrainingConfiguration.option(named: name))
    var configuration = TrainingConfiguration()
    try option.apply(
      option.defaultValue, to: &configuration, origin: "--\(name)", exitCode: 64)
    #expect(configuration == TrainingConfiguration())
    // Each option changes something that its text shows again.
    let candidates =
      option.values.split(separator: "|").map(String.init) + [
        "7", "0.3", "true", "x", "2h", "5s",
      ]
    var changed = false
    for candidate in candidates where candidate != option.defaultValue {
      var other = TrainingConfiguration()
      guard (try? option.apply(candidate, to: &other, origin: "", exitCode: 64)) != nil else {
        continue
      }
      guard other != TrainingConfiguration() else { continue }
      changed = true
      var copy = TrainingConfiguration()
      try option.apply(option.text(other), to: &copy, origin: "", exitCode: 64)
      #expect(copy == other)
    }
    #expect(changed || ["model", "k-key"].contains(name))
  }

  @Test(arguments: [
    ("lr", "nan"), ("lr", "0"), ("lr", "-1"), ("lr", "fast"), ("epochs", "-1"), ("epochs", "1.5"),
    ("batch-size", "-4"), ("k-min", "1.2"), ("rank", "absolute"), ("save-every", "0e"),
    ("save-every", "5"), ("max-time", "soon"), ("seed", "-1"), ("mask-fraction", "inf"),
    ("drop-last", "yes"), ("keep", "1"),
  ])
  func refuses(_ name: String, _ text: String) throws {
    let option = try #require(TrainingConfiguration.option(named: name))
    var configuration = TrainingConfiguration()
    #expect(throws: ConfigurationError.self) {
      try option.apply(text, to: &configuration, origin: "--\(name)", exitCode: 64)
    }
    #expect(configuration == TrainingConfiguration())
  }

  @Test func refusesWhatDoesNotGoTogether() {
    func refuses(_ change: (inout TrainingConfiguration) -> Void) -> Bool {
      var configuration = TrainingConfiguration()
      change(&configuration)
      do {
        try configuration.validate()
        return false
      } catch { return true }
    }
    #expect(!refuses { _ in })
    #expect(refuses { $0.kMin = 0.9 })
    #expect(refuses { $0.kInitial = 0.1 })
    #expect(refuses { $0.dataset = "minst" })
    #expect(refuses { $0.model = "vgg" })
    #expect(refuses { $0.topn = 11 })
    #expect(refuses { $0.select = .bestValidation })
    #expect(refuses { $0.validation = 60_000 })
    #expect(refuses { $0.warmupEpochs = 99 })
  }

  @Test func presetsNameOptions() throws {
    for preset in Preset.allCases {
      for dataset in ["mnist", "cifar10"] {
        for (name, text) in preset.settings(dataset: dataset) {
          var configuration = TrainingConfiguration()
          let option = try #require(TrainingConfiguration.option(named: name))
          try option.apply(text, to: &configuration, origin: "preset", exitCode: 78)
        }
      }
    }
  }
}
