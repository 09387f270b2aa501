import Smoot

/// What does not change from run to run.
struct FaithfulnessPlan {
  let sources: [MapSource]
  let measures: [ChosenMeasure]
  let target: SaliencyTarget
  let rectification: Rectification
  let seed: UInt64
  let maximumMemory: Int
  let patches: PastedPatches.Options
  let randomLabelModel: LoadedModel?

  /// The measures that can be taken of maps.
  func measures(for source: MapSource) -> [ChosenMeasure] {
    measures.filter { source.canExplain || $0.takesFiles }
  }
}
