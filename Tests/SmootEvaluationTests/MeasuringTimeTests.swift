import SmootEvaluation
import Testing

@Suite struct MeasuringTimeTests {
  private typealias Part = MeasuringTime.Part

  private let work: [Part: MeasuringTime.Work] = [
    Part(source: "a", measure: "cheap"): .init(passes: 32, explanations: 0),
    Part(source: "a", measure: "dear"): .init(passes: 0, explanations: 320),
    Part(source: "b", measure: "cheap"): .init(passes: 32, explanations: 0),
    Part(source: "b", measure: "dear"): .init(passes: 0, explanations: 320),
  ]

  @Test func knowsNothingAtFirst() {
    let time = MeasuringTime(work)
    #expect(time.seconds([Part(source: "a", measure: "cheap"): 1], images: 32) == .infinity)
    #expect(time.seconds([Part(source: "a", measure: "cheap"): 0], images: 32) == 0)
  }

  /// Before a dear measure is seen, its explanations count, not the time of the cheap one before it.
  @Test func countsWhatHasNotBeenSeen() {
    var time = MeasuringTime(work)
    time.add(passes: 32, 0.32)
    time.add(explanationsBy: "a", count: 32, 3.2)
    time.add(trialOf: "b", 0.5)
    time.add(Part(source: "a", measure: "cheap"), 0.4)
    // 320 explanations of 0.1 s, and the maps of 32 images.
    let dear = time.seconds([Part(source: "a", measure: "dear"): 1], images: 32)
    #expect(abs(dear - (32 + 3.2)) < 1e-9)
    // The first trial stands for the other source until its maps are timed.
    let other = time.seconds([Part(source: "b", measure: "dear"): 1], images: 32)
    #expect(abs(other - (160 + 16)) < 1e-9)
    // A measure without explanations takes as long with other maps.
    let cheap = time.seconds([Part(source: "b", measure: "cheap"): 2], images: 32)
    #expect(abs(cheap - (2 * 0.4 + 2 * 16)) < 1e-9)
  }

  @Test func believesWhatItHasSeen() {
    var time = MeasuringTime(work)
    time.add(explanationsBy: "a", count: 32, 3.2)
    time.add(explanationsBy: "b", count: 32, 6.4)
    time.add(Part(source: "a", measure: "dear"), 20)
    let own = time.seconds([Part(source: "a", measure: "dear"): 3], images: 32)
    #expect(abs(own - (60 + 9.6)) < 1e-9)
    // Twice as slow a method takes twice as long.
    let other = time.seconds([Part(source: "b", measure: "dear"): 1], images: 32)
    #expect(abs(other - (40 + 6.4)) < 1e-9)
  }
}
