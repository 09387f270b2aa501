import SmootDatasets
import SmootEvaluation
import SmootTensor
import SmootTestSupport
import Testing

/// Where maps lie, against Quantus and by hand.
@Suite(.serialized) struct LocalizationTests {
  @Test(arguments: MeasureCase.names)
  func findsQuantusScores(_ name: String) throws {
    let test = try MeasureCase(name)
    let batch = test.batch(objects: try test.pixels("objects"))
    let found = try Localization().measure(
      Explanation(maps: try test.pixels("maps"), of: batch), of: batch)
    for (score, golden) in [
      ("pointing-game", "pointing_game"), ("energy-in-object", "relevance_mass"),
      ("rank-accuracy", "relevance_rank"),
    ] {
      expectScores(try #require(found.scores[score]), try test.golden.tensor(golden), score)
    }
    #expect(Set(try test.golden.tensor("pointing_game").scalars) == [0, 1])
  }

  @Test func takesTiesTolerancesAndEmptyObjects() throws {
    let model = LinearModel(
      [Float](repeating: 1, count: 12), size: ImageSize(channels: 1, height: 3, width: 4))
    let image = [Float](repeating: 1, count: 12)
    // The greatest value is in the corner and, as great, in the middle of the last row.
    let map: [Float] = [7, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0]
    let onTie = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0] as [Float]
    // One row up and one column right of it.
    let near = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0] as [Float]
    let none = [Float](repeating: 0, count: 12)
    let batch = model.batch(
      [image, image, image, image],
      objects: Tensor(onTie + near + none + onTie, shape: [4, 12]))
    let maps = Tensor(map + map + map + none, shape: [4, 12])
    func scores(_ tolerance: Double) throws -> [Double?] {
      var measure = Localization()
      measure.tolerance = tolerance
      let found = try measure.measure(Explanation(maps: maps, of: batch), of: batch)
      #expect(found.scores["energy-in-object"] == [0.5, 0, nil, nil])
      // Of equal values the first pixel ranks first.
      #expect(found.scores["rank-accuracy"] == [0, 0, nil, nil])
      return found.scores["pointing-game"] ?? []
    }
    // A map of zeros points nowhere.
    #expect(try scores(0) == [1, 0, nil, nil])
    #expect(try scores(1) == [1, 0, nil, nil])
    #expect(try scores(1.5) == [1, 1, nil, nil])
  }

  @Test func refusesToGuessObjects() throws {
    let model = LinearModel([1, 2])
    let batch = model.batch([[1, 1]])
    #expect {
      _ = try Localization().measure(
        Explanation(maps: .zeros([1, 2]), of: batch), of: batch)
    } throws: {
      "\($0)" == "localization needs which pixels of each image are the object"
    }
  }
}
