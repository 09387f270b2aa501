import Foundation
import Smoot

/// The logits of images as they are, and, where wanted, the gradients of the same pass.
struct CleanPass {
  /// [batch, classes].
  let logits: Tensor
  /// The class explained for each image.
  let targets: [Int32]
  /// The maps of the gradient method, if it was asked for.
  let gradients: Attribution?
  let seconds: Double

  /// Sends images through a network once.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width].
  ///   - model: the network.
  ///   - pieceSize: how many images go through it together.
  ///   - method: the gradient method, if gradients are wanted.
  ///   - classes: the classes to explain, given the logits of all images.
  init(
    _ images: Tensor, _ model: any Classifier, pieceSize: Int, gradientOf method: ChosenMethod?,
    _ classes: (Tensor) -> [Int32]
  ) {
    let begin = ContinuousClock.now
    let count = images.shape[0]
    var pieces: [(logits: Tensor, gradients: Tensor)] = []
    var (all, saturated) = ([Int32](), [Bool]())
    for start in stride(from: 0, to: count, by: pieceSize) {
      let range = start..<min(count, start + pieceSize)
      let piece = images.sliced(axis: 0, range)
      guard let method else {
        let logits = model.logits(Variable(piece), .evaluation()).value
        pieces.append((logits, logits))
        continue
      }
      let pass = RecordedPass(piece, model)
      let targets = Self.targets(classes, pass.logits.value, range, of: count)
      pieces.append((pass.logits.value, pass.gradients(targets, method.score)))
      saturated += pass.saturated(targets, method.score)
      all += targets
    }
    logits = Tensor.concatenated(pieces.map(\.logits), axis: 0)
    targets = method == nil ? classes(logits) : all
    gradients = method.map { method in
      let values = Tensor.concatenated(pieces.map(\.gradients), axis: 0)
      let isAbsolute = (method.method as? Gradient)?.isAbsolute ?? false
      return Attribution(isAbsolute ? values.mapped { abs($0) } : values, saturated: saturated)
    }
    seconds = (ContinuousClock.now - begin) / .seconds(1)
  }

  /// The classes of a piece: those of all images where they are known beforehand, else those that its own logits give.
  private static func targets(
    _ classes: (Tensor) -> [Int32], _ logits: Tensor, _ range: Range<Int>, of count: Int
  ) -> [Int32] {
    let found = classes(logits)
    return found.count == count && count != range.count ? Array(found[range]) : found
  }
}
