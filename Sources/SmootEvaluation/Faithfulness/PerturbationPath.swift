import SmootAutodiff
import SmootMasking
import SmootNN
import SmootTensor

/// Pictures on the way from some images to others: at each step, the first so many elements of each image's order have been replaced.
struct PerturbationPath {
  /// The images before the first step; [batch, channels, height, width].
  let start: Tensor
  /// What replaces their elements; of the same shape.
  let end: Tensor
  /// In which order; of pixels, which stand for all of their channels, or of single values.
  let order: SaliencyOrder
  /// How many elements are replaced at each step.
  let counts: [Int]

  /// The logits at each step.
  ///
  /// - Parameters:
  ///   - batch: the images and the network.
  ///   - known: for some steps the logits [batch, classes] that are known already.
  /// - Returns: for each step the logits [batch, classes].
  func logits(of batch: EvaluationBatch, known: [Int: Tensor]) -> [Tensor] {
    let steps = counts.indices.filter { known[$0] == nil }
    let (values, pixels, classes) = (
      batch.valuesPerImage, batch.size.pixels, batch.model.classCount
    )
    let channels = order.elements == values ? 1 : batch.size.channels
    precondition(
      order.batch == batch.count && order.elements * channels == values,
      "an order of \(order.batch) x \(order.elements) elements does not fit images of \(batch.size)"
    )
    let found = withPointers(start, end) { start, end in
      batch.logits(rows: batch.count * steps.count) { row, target in
        let image = row / steps.count
        target.update(from: start + image * values, count: values)
        let end = end + image * values
        let first = image * order.elements
        for rank in 0..<counts[steps[row % steps.count]] {
          let element = Int(order.indices[first + rank])
          for channel in 0..<channels {
            target[channel * pixels + element] = end[channel * pixels + element]
          }
        }
      }
    }  // [batch x steps, classes]
    let byStep = found.reshaped(to: [batch.count, steps.count, classes]).permuted([1, 0, 2])
    return counts.indices.map { step in
      if let known = known[step] { return known }
      let place = steps.firstIndex(of: step) ?? 0
      return byStep.sliced(axis: 0, place..<place + 1).reshaped(to: [batch.count, classes])
    }
  }
}
