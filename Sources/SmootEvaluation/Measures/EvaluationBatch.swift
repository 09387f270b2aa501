import SmootAutodiff
public import SmootNN
public import SmootTensor

/// Some images, their classes, and the network whose explanations are measured; all methods and measures share its clean pass.
public final class EvaluationBatch {
  /// [batch, channels, height, width], normalized.
  public let images: Tensor
  /// The right class of each image.
  public let labels: [Int32]
  /// The explained class of each image.
  public let targets: [Int32]
  /// The place of each image in the data set: what random numbers are drawn by.
  public let indices: [Int]
  /// The network.
  public let model: any Classifier
  /// 1 where a pixel belongs to the object of the class, else 0; [batch, pixels].
  public let objects: Tensor?
  /// The most images that go through the network at once.
  public let rowsPerPass: Int

  /// Gathers a batch.
  ///
  /// - Parameters:
  ///   - images: [batch, channels, height, width], normalized, as the network takes them.
  ///   - labels: the right class of each image.
  ///   - targets: the explained class of each image, one of the network's; without them, the labels.
  ///   - indices: the place of each image in the data set.
  ///   - model: the network.
  ///   - logits: the logits [batch, classes] of the images, where they are known already.
  ///   - objects: 1 where a pixel belongs to the object of the class, else 0; [batch, pixels].
  ///   - rowsPerPass: the most images that go through the network at once; without it, about four million numbers. The scores do not depend on it.
  public init(
    images: Tensor, labels: [Int32], targets: [Int32]? = nil, indices: [Int],
    model: any Classifier, logits: Tensor? = nil, objects: Tensor? = nil, rowsPerPass: Int? = nil
  ) {
    let targets = targets ?? labels
    precondition(
      images.shape.rank == 4
        && Array(images.shape.dimensions.dropFirst()) == model.inputSize.dimensions,
      "the network takes images of \(model.inputSize), not a batch of shape \(images.shape)")
    let count = images.shape[0]
    precondition(
      labels.count == count && targets.count == count && indices.count == count,
      "\(labels.count) labels, \(targets.count) classes and \(indices.count) indices do not fit \(count) images"
    )
    precondition(
      logits == nil || logits?.shape == [count, model.classCount],
      "logits of \(count) images have another shape than \(String(describing: logits?.shape))")
    precondition(
      objects == nil || objects?.shape == [count, model.inputSize.pixels],
      "objects of shape \(String(describing: objects?.shape)) do not fit \(count) images of \(model.inputSize)"
    )
    self.images = images
    self.labels = labels
    self.targets = targets
    self.indices = indices
    self.model = model
    self.objects = objects
    knownLogits = logits
    let values = model.inputSize.channels * model.inputSize.pixels
    self.rowsPerPass = max(1, rowsPerPass ?? min(256, max(8, (1 << 22) / max(1, values))))
  }

  private var knownLogits: Tensor?

  /// How many images there are.
  public var count: Int { labels.count }

  /// The extents of each image.
  public var size: ImageSize { model.inputSize }

  /// How many numbers an image has.
  var valuesPerImage: Int { size.channels * size.pixels }

  /// The logits of the images as they are, [batch, classes]; computed once.
  public var logits: Tensor {
    if let knownLogits { return knownLogits }
    let logits = withPointers(images) { source in
      let values = valuesPerImage
      return self.logits(rows: count) { row, target in
        target.update(from: source + row * values, count: values)
      }
    }
    knownLogits = logits
    return logits
  }

  /// The logits of other images, ``rowsPerPass`` of them at a time.
  ///
  /// - Parameters:
  ///   - rows: how many there are.
  ///   - write: writes the values of one of them; called by several threads.
  /// - Returns: [rows, classes].
  func logits(rows: Int, _ write: (Int, UnsafeMutablePointer<Float>) -> Void) -> Tensor {
    let (values, classes) = (valuesPerImage, model.classCount)
    return Tensor(uninitialized: [rows, classes]) { target in
      for start in stride(from: 0, to: rows, by: rowsPerPass) {
        let piece = min(rowsPerPass, rows - start)
        let images = Tensor(
          uninitialized: [piece, size.channels, size.height, size.width]
        ) { images in
          parallelFor(piece) { write(start + $0, images + $0 * values) }
        }
        let logits = model.logits(Variable(images), .evaluation()).value
        withPointers(logits) {
          (target + start * classes).update(from: $0, count: piece * classes)
        }
      }
    }
  }
}
