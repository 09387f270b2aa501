public import SmootAutodiff
public import SmootNN
public import SmootTensor

/// The mean of many random masks, each weighted by the score of the image seen through it.
///
/// Petsiuk, Das and Saenko, RISE: Randomized Input Sampling for Explanation of Black-box Models, 2018, equation 6: a coarse grid of cells that are open with some probability is
/// enlarged on straight lines, mirrored at the edges as in the paper's code, to one cell more than the image needs and cut at a random place. Each image has masks of its own, which depend on the seed and its number.
public struct RISE: AttributionMethod {
  /// What the weighted sum of the masks is divided by.
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    /// The number of masks times the probability that a cell is open, as in the paper.
    case expected
    /// For each pixel the sum of the masks + 1e-4, as in Xplique.
    case coverage
  }

  /// How many masks.
  public var samples: Int
  /// Rows and columns of the coarse grid.
  public var cells: Int
  /// The probability that a cell is open.
  public var probability: Float
  /// What the weighted sum is divided by.
  public var normalization: Normalization
  /// The score that weights; the paper's is the probability, whatever other methods explain.
  public var score: ScoreKind
  /// Masks to be used instead of drawn ones, [masks, 1, height, width], for every image.
  public var masks: Tensor? {
    get { replayed?.tensor }
    set { replayed = newValue.map { FrozenTensor($0) } }
  }
  private var replayed: FrozenTensor?

  /// Makes the method.
  public init(
    samples: Int = 4000, cells: Int = 7, probability: Float = 0.5,
    normalization: Normalization = .expected, score: ScoreKind = .prob
  ) {
    self.samples = samples
    self.cells = cells
    self.probability = probability
    self.normalization = normalization
    self.score = score
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      samples: try options.integer("samples", usual: 4000, in: 1...10_000_000),
      cells: try options.integer("cells", usual: 7, in: 1...1024),
      probability: try options.number("probability", usual: 0.5, in: 1e-3...1),
      normalization: try options.choice("normalization", usual: .expected),
      score: try options.choice("score", usual: .prob))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "rise", family: .perturbation,
    summary: "the mean of random masks weighted by the score behind them", cost: "samples x F",
    hasZero: false,
    options: [
      MethodOption("samples", 4000, "how many masks"),
      MethodOption("cells", 7, "rows and columns of the coarse grid"),
      MethodOption("probability", 0.5, "that a cell is open"),
      MethodOption("normalization", "expected", "expected or coverage"),
      MethodOption("score", "prob", "the score that weights: prob, logit or logprob"),
    ])

  /// The maps, [batch, 1, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let (height, width) = (images.shape[2], images.shape[3])
    if let replayed,
      replayed.shape.rank != 4
        || Array(replayed.shape.dimensions.dropFirst()) != [1, height, width]
    {
      throw .badData(
        "masks have shape \(replayed.shape), expected [masks, 1, \(height), \(width)]")
    }
    let maps = targets.indices.map { image in
      map(images.sliced(axis: 0, image..<image + 1), image, targets[image], model, context)
    }
    return Attribution(.concatenated(maps, axis: 0), hasGradient: false)
  }

  private func map(
    _ image: Tensor, _ place: Int, _ target: Int32, _ model: any Classifier,
    _ context: AttributionContext
  ) -> Tensor {
    let (height, width) = (image.shape[2], image.shape[3])
    let given = masks
    let count = given?.shape[0] ?? samples
    var sums = [Double](repeating: 0, count: height * width)
    var coverage = sums
    context.forEachPiece(of: count) { piece in
      let masks =
        given?.sliced(axis: 0, piece)
        ?? drawn(piece, height: height, width: width) {
          context.key("masks", image: place, sample: $0)
        }
      let scores = model.scores(image * masks, ofClass: target, score)
      add(masks, scores, to: &sums, &coverage)
    }
    let expected = Double(count) * Double(probability)
    let values = zip(sums, coverage).map { sum, coverage in
      Float(sum / (normalization == .expected ? expected : coverage + 1e-4))
    }
    return Tensor(values, shape: [1, 1, height, width])
  }

  /// Adds masks, weighted by their scores and by 1, to sums over all masks of each pixel.
  private func add(
    _ masks: Tensor, _ scores: [Float], to sums: inout [Double], _ coverage: inout [Double]
  ) {
    let pixels = sums.count
    sums.withUnsafeMutableBufferPointer { sums in
      coverage.withUnsafeMutableBufferPointer { coverage in
        withPointers(masks) { masks in
          parallelRanges(pixels, grain: 128) { range in
            for (index, score) in scores.enumerated() {
              let (mask, score) = (masks + index * pixels, Double(score))
              for pixel in range {
                sums[pixel] += score * Double(mask[pixel])
                coverage[pixel] += Double(mask[pixel])
              }
            }
          }
        }
      }
    }
  }

  /// Random masks, [samples, 1, height, width]: grids of open and closed cells, enlarged by one cell, of which a part that begins in the first cell is taken.
  ///
  /// - Parameters:
  ///   - samples: their numbers.
  ///   - height: of the images.
  ///   - width: of the images.
  ///   - key: the random numbers of a sample.
  package func drawn(
    _ samples: Range<Int>, height: Int, width: Int, _ key: (Int) -> RandomKey
  ) -> Tensor {
    let (cellHeight, cellWidth) = ((height + cells - 1) / cells, (width + cells - 1) / cells)
    let rows = Interpolation.mirroredMatrix(from: cells, to: (cells + 1) * cellHeight)
    let columns = Interpolation.mirroredMatrix(from: cells, to: (cells + 1) * cellWidth)
    return Tensor(uninitialized: [samples.count, 1, height, width]) { target in
      withPointers(rows, columns) { rows, columns in
        parallelFor(samples.count) { index in
          let key = key(samples.lowerBound + index)
          let row = key.integer(below: cellHeight, at: UInt64(cells * cells))
          let column = key.integer(below: cellWidth, at: UInt64(cells * cells + 1))
          draw(
            key, rows + row * cells, columns + column * cells, height: height, width: width,
            to: target + index * height * width)
        }
      }
    }
  }

  /// One mask.
  ///
  /// - Parameters:
  ///   - key: decides which cells are open.
  ///   - rows: the share of each row of cells in each row of the mask.
  ///   - columns: the share of each column of cells in each column of the mask.
  private func draw(
    _ key: RandomKey, _ rows: UnsafePointer<Float>, _ columns: UnsafePointer<Float>, height: Int,
    width: Int, to mask: UnsafeMutablePointer<Float>
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: cells * width) { wide in
      for row in 0..<cells {
        for x in 0..<width { wide[row * width + x] = 0 }
        for column in 0..<cells
        where key.uniform(at: UInt64(row * cells + column)) < probability {
          for x in 0..<width { wide[row * width + x] += columns[x * cells + column] }
        }
      }
      for y in 0..<height {
        let line = mask + y * width
        for x in 0..<width { line[x] = 0 }
        // A line lies between two rows of cells.
        for row in 0..<cells where rows[y * cells + row] != 0 {
          for x in 0..<width { line[x] += rows[y * cells + row] * wide[row * width + x] }
        }
      }
    }
  }
}
