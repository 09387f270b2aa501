public import SmootAutodiff
public import SmootNN
public import SmootTensor

/// What all attribution methods have in common: what is explained, from where random numbers come, and how much memory may be used.
public struct AttributionContext: Sendable {
  /// Which score of the class is explained.
  public var score: ScoreKind
  /// The seed of all draws.
  public var seed: UInt64
  /// The numbers of the images in their data set, which their draws depend on; places in the batch when `nil`.
  public var indices: [Int]?
  /// How many images, or variants of images, go through the network together; changes the memory and the speed, not the maps.
  public var pieceSize: Int
  /// Images of the data set that methods compare with which need a whole distribution of baselines, [count, channels, height, width].
  public var references: FrozenTensor?
  /// The values that black and white have after normalization, for methods that must know the range of pixels.
  public var pixelRange: PixelRange?

  /// Makes a context.
  ///
  /// - Parameters:
  ///   - score: which score of the class is explained; Captum and pytorch-grad-cam explain logits.
  ///   - seed: the seed of all draws.
  ///   - indices: the numbers of the images in their data set.
  ///   - pieceSize: how many images go through the network together; at least 1.
  ///   - references: images for methods that need a distribution of baselines.
  ///   - pixelRange: the values of black and white.
  public init(
    score: ScoreKind = .logit, seed: UInt64 = 0, indices: [Int]? = nil, pieceSize: Int = 32,
    references: FrozenTensor? = nil, pixelRange: PixelRange? = nil
  ) {
    precondition(pieceSize > 0, "a piece cannot have \(pieceSize) images")
    self.score = score
    self.seed = seed
    self.indices = indices
    self.pieceSize = pieceSize
    self.references = references
    self.pixelRange = pixelRange
  }

  /// The largest piece, up to 256 images, whose pass through a network takes no more than some memory.
  ///
  /// - Parameters:
  ///   - model: the network; one image goes through it to see how much it takes.
  ///   - maximumMemory: in bytes.
  public static func pieceSize(for model: any Classifier, maximumMemory: Int) -> Int {
    min(256, max(1, maximumMemory / max(1, imageMemory(for: model))))
  }

  /// About how many bytes the pass of one image through a network and back takes.
  package static func imageMemory(for model: any Classifier) -> Int {
    let tape = Tape(keepsValues: true)
    let image = tape.variable(.zeros(Shape([1] + model.inputSize.dimensions)))
    _ = model.logits(image, .evaluation(tape: tape, isFused: false))
    // The results, about as much again of what operations remember, and gradients on their way back.
    return 3 * tape.elementCount * MemoryLayout<Float>.stride
  }

  /// The random numbers of a sample of an image.
  ///
  /// - Parameters:
  ///   - purpose: what they are for, such as `noise`.
  ///   - image: the image's place in the batch.
  ///   - sample: the number of the sample.
  public func key(_ purpose: String, image: Int, sample: Int) -> RandomKey {
    RandomKey(seed: seed).derived(purpose).derived(indices?[image] ?? image).derived(sample)
  }

  /// The images to compare with, for a method that cannot do without.
  func references(for images: Tensor, _ method: String) throws(AttributionError) -> Tensor {
    guard let references else {
      throw .badData("\(method) needs reference images to compare with, and none are given")
    }
    guard references.shape.rank == 4, references.shape[0] > 0,
      references.shape.dimensions.dropFirst() == images.shape.dimensions.dropFirst()
    else {
      throw .badData(
        "reference images have shape \(references.shape), which does not fit images of shape \(images.shape)"
      )
    }
    return references.tensor
  }

  /// Calls a function with consecutive parts of `0..<count`, none longer than the piece size and of about the same length: a short last one would take memory of other sizes.
  public func forEachPiece<Failure: Error>(
    of count: Int, _ body: (Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    let pieces = (count + pieceSize - 1) / pieceSize
    for piece in 0..<pieces { try body(piece * count / pieces..<(piece + 1) * count / pieces) }
  }
}
