import ArgumentParser
import Smoot

/// The help of an option, from the one list of options.
private func help(_ name: String) -> ArgumentHelp {
  guard let option = TrainingConfiguration.option(named: name) else { return "" }
  let shown = option.defaultValue.isEmpty ? "" : "; default \(option.defaultValue)"
  return ArgumentHelp("\(option.help) (\(option.values)\(shown))", valueName: "value")
}

/// Flags that set options of a run.
///
/// Each property has the name of its option; a test compares the two lists.
protocol SettingFlags: ParsableArguments {}

extension SettingFlags {
  /// The flags that were given: the options' names and the texts.
  var given: [(name: String, text: String)] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let label = child.label, let option = child.value as? Option<String?>,
        let text = option.wrappedValue
      else { return nil }
      return (Self.optionName(label), text)
    }
  }

  /// The options that have a flag here.
  var names: [String] {
    Mirror(reflecting: self).children.compactMap { $0.label.map(Self.optionName) }
  }

  /// `_kMin` is the storage of `kMin`, whose option is `k-min`.
  private static func optionName(_ label: String) -> String {
    label.drop { $0 == "_" }.reduce("") { name, character in
      character.isUppercase ? "\(name)-\(character.lowercased())" : name + String(character)
    }
  }
}

struct DataFlags: SettingFlags {
  @Option(help: help("dataset")) var dataset: String?
  @Option(help: help("data")) var data: String?
  @Option(help: help("validation")) var validation: String?
  @Option(help: help("limit-train")) var limitTrain: String?
  @Option(help: help("limit-test")) var limitTest: String?
  @Option(help: help("permute-labels")) var permuteLabels: String?
  @Option(help: help("drop-last")) var dropLast: String?
  @Option(help: help("image-size")) var imageSize: String?
  @Option(help: help("val-split")) var valSplit: String?
  @Option(help: help("cache")) var cache: String?
  @Option(help: help("bad-images")) var badImages: String?
}

struct AugmentationFlags: SettingFlags {
  @Option(help: help("crop-padding")) var cropPadding: String?
  @Option(help: help("flip")) var flip: String?
  @Option(help: help("resized-crop")) var resizedCrop: String?
  @Option(help: help("color-jitter")) var colorJitter: String?
  @Option(help: help("randaugment")) var randaugment: String?
  @Option(help: help("randaugment-magnitude")) var randaugmentMagnitude: String?
  @Option(name: [.long, .customLong("reprob")], help: help("erasing")) var erasing: String?
  @Option(help: help("mixup")) var mixup: String?
  @Option(help: help("cutmix")) var cutmix: String?
}

struct ModelFlags: SettingFlags {
  @Option(help: help("model")) var model: String?
  @Option(help: help("dim")) var dim: String?
  @Option(help: help("depth")) var depth: String?
  @Option(help: help("heads")) var heads: String?
  @Option(help: help("patch-size")) var patchSize: String?
  @Option(help: help("distilled")) var distilled: String?
  @Option(help: help("dropout")) var dropout: String?
  @Option(help: help("drop-path")) var dropPath: String?
  @Option(help: help("stem")) var stem: String?
  @Option(help: help("head")) var head: String?
  @Option(help: help("mask-ratio")) var maskRatio: String?
  @Option(help: help("readout")) var readout: String?
  @Option(help: help("head-cells")) var headCells: String?
  @Option(help: help("model-resize")) var modelResize: String?
  @Option(help: help("interpolation")) var interpolation: String?
  @Option(help: help("init")) var `init`: String?
  @Option(help: help("freeze")) var freeze: String?
}

struct MethodFlags: SettingFlags {
  @Option(help: help("method")) var method: String?
  @Option(help: help("epochs")) var epochs: String?
  @Option(name: [.short, .long], help: help("batch-size")) var batchSize: String?
  @Option(help: help("micro-batch")) var microBatch: String?
  @Option(help: help("seed")) var seed: String?
}

struct OptimizationFlags: SettingFlags {
  @Option(name: [.long, .customLong("opt")], help: help("optimizer")) var optimizer: String?
  @Option(name: [.long, .customLong("learning-rate")], help: help("lr")) var lr: String?
  @Option(help: help("momentum")) var momentum: String?
  @Option(help: help("nesterov")) var nesterov: String?
  @Option(help: help("weight-decay")) var weightDecay: String?
  @Option(help: help("layer-decay")) var layerDecay: String?
  @Option(name: [.long, .customLong("sched")], help: help("schedule")) var schedule: String?
  @Option(help: help("gamma")) var gamma: String?
  @Option(help: help("step-size")) var stepSize: String?
  @Option(help: help("warmup-epochs")) var warmupEpochs: String?
  @Option(help: help("min-lr")) var minLr: String?
  @Option(help: help("clip-grad")) var clipGrad: String?
  @Option(help: help("ema")) var ema: String?
  @Option(help: help("label-smoothing")) var labelSmoothing: String?
  @Option(help: help("precision")) var precision: String?
  @Option(help: help("convolution")) var convolution: String?
}

struct MaskingFlags: SettingFlags {
  @Option(help: help("mask-fraction")) var maskFraction: String?
  @Option(help: help("rank")) var rank: String?
  @Option(help: help("score")) var score: String?
  @Option(help: help("target")) var target: String?
  @Option(help: help("reduce")) var reduce: String?
  @Option(help: help("mask-unit")) var maskUnit: String?
  @Option(help: help("grad-mode")) var gradMode: String?
  @Option(help: help("fill")) var fill: String?
  @Option(help: help("fill-range")) var fillRange: String?
  @Option(help: help("fill-constant")) var fillConstant: String?
  @Option(help: help("kl-weight")) var klWeight: String?
  @Option(help: help("kl")) var kl: String?
  @Option(help: help("kl-detach")) var klDetach: String?
  @Option(help: help("concat")) var concat: String?
}

struct AdaptiveFlags: SettingFlags {
  @Option(help: help("top1")) var top1: String?
  @Option(help: help("topn-order")) var topnOrder: String?
  @Option(help: help("topn")) var topn: String?
  @Option(help: help("delta-mode")) var deltaMode: String?
  @Option(help: help("k-unit")) var kUnit: String?
  @Option(help: help("speed")) var speed: String?
  @Option(help: help("alpha")) var alpha: String?
  @Option(help: help("k-min")) var kMin: String?
  @Option(help: help("k-max")) var kMax: String?
  @Option(help: help("k-initial")) var kInitial: String?
  @Option(help: help("k-key")) var kKey: String?
  @Option(help: help("k-report")) var kReport: String?
}

struct CourseFlags: SettingFlags {
  @Option(help: help("select")) var select: String?
  @Option(help: help("patience")) var patience: String?
  @Option(help: help("max-time")) var maxTime: String?
  @Option(help: help("save-every")) var saveEvery: String?
  @Option(help: help("log-interval")) var logInterval: String?
  @Option(help: help("keep")) var keep: String?
  @Option(name: .customLong("on-nan"), help: help("on-nan")) var onNan: String?
}
