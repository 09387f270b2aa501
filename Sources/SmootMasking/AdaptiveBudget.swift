public import SmootTensor

/// SMOOT's mask size, one number for each training image, which follows what masking does to the predictions.
///
/// Karkehabadi et al., SMOOT: Saliency Guided Mask Optimized Online Training (2023), equations 1 to 4, with s the softmax of the clean pass and m that of the masked one:
///
///     D1 = m[c1] - s[c1]                     (1)
///     Dn = sum over c2...cn of (m[c] - s[c]) (2)
///     DW = alpha D1 + (1 - alpha) Dn         (3)
///     k  = clamp(k + speed DW, low, high)    (4)
///
/// The paper leaves open what c1...cn are, the unit of k and its bounds; ``Rule`` names each choice. k is kept as a real number and rounded down only where a mask is
/// made: rounding it each epoch would freeze it or pull it down.
public struct AdaptiveBudget: Sendable {
  /// Which class c1 is in equation 1.
  public enum FirstClass: String, Sendable, Codable, CaseIterable {
    /// The image's label.
    case label
    /// The most probable class of the clean pass.
    case prediction = "pred"
    /// The largest probability of each pass, whichever class it belongs to.
    case sorted
  }

  /// Which classes c2...cn are in equation 2.
  public enum OtherClasses: String, Sendable, Codable, CaseIterable {
    /// The n most probable classes of the clean pass, c1 left out.
    case clean
    /// The 2nd to n-th largest probabilities of each pass, whichever classes they belong to.
    case each
  }

  /// The unit in which ``Rule/speed`` moves k.
  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// Mask elements.
    case pixel
    /// Hundredths of the number of mask elements.
    case percent
  }

  /// The choices in the update of k.
  public struct Rule: Sendable, Codable, Equatable {
    /// How far k moves for a change of 1 in probability.
    public var speed: Float = 10
    /// The unit of ``speed``.
    public var unit: Unit = .pixel
    /// The weight of the first class against the others, in [0, 1].
    public var alpha: Float = 0.95
    /// What the first class is.
    public var firstClass: FirstClass = .label
    /// What the other classes are.
    public var otherClasses: OtherClasses = .clean
    /// n, the number of classes that count; more than there are means all.
    public var classes: Int = 5
    /// The lower bound of k, as a share of the mask elements.
    public var lowest: Float = 0.2
    /// The upper bound of k, as a share of the mask elements.
    public var highest: Float = 0.8

    /// The rule with the default choices.
    public init() {}
  }

  /// The choices in the update.
  public let rule: Rule
  /// How many mask elements an image has.
  public let elements: Int
  /// k of each training image, by the image's index in the data set, in mask elements.
  public private(set) var values: [Float]

  /// Makes the budgets of a data set.
  ///
  /// - Parameters:
  ///   - rule: the choices in the update.
  ///   - initial: k of every image at first, as a share of the mask elements.
  ///   - elements: how many mask elements an image has.
  ///   - count: how many images the data set has.
  public init(rule: Rule, initial: Float, elements: Int, count: Int) {
    self.rule = rule
    self.elements = elements
    values = Array(repeating: initial * Float(elements), count: count)
  }

  /// Between which values k stays.
  public var bounds: ClosedRange<Float> {
    rule.lowest * Float(elements)...rule.highest * Float(elements)
  }

  /// Takes up the values that a checkpoint kept.
  ///
  /// - Precondition: there is one for each image.
  public mutating func restore(_ values: [Float]) {
    precondition(
      values.count == self.values.count,
      "\(values.count) mask sizes do not fit \(self.values.count) images")
    self.values = values
  }

  /// Takes up the values that some images have elsewhere.
  package mutating func adopt(_ other: AdaptiveBudget, of indices: [Int]) {
    for index in indices { values[index] = other.values[index] }
  }

  /// How many elements to mask of each image of a batch: k rounded down.
  public func counts(of indices: [Int]) -> [Int] { indices.map { Int(values[$0]) } }

  /// Moves k of each image of a batch by equation 4.
  ///
  /// - Parameters:
  ///   - indices: the images' indices in the data set.
  ///   - labels: their labels.
  ///   - clean: the softmax of the clean pass, [batch, classes].
  ///   - masked: the softmax of the masked pass, [batch, classes].
  /// - Returns: DW of each image.
  @discardableResult
  public mutating func update(
    indices: [Int], labels: [Int32], clean: Tensor, masked: Tensor
  ) -> [Float] {
    precondition(
      clean.shape == masked.shape && clean.shape.rank == 2 && clean.shape[0] == indices.count,
      "probabilities of shapes \(clean.shape) and \(masked.shape) do not belong to \(indices.count) images"
    )
    let classes = clean.shape[1]
    let scale = rule.unit == .pixel ? rule.speed : rule.speed * Float(elements) / 100
    let changes = clean.withUnsafeElements { clean in
      masked.withUnsafeElements { masked in
        labels.enumerated().map { row, label in
          let range = row * classes..<(row + 1) * classes
          return change(
            clean: clean[range].map(\.self), masked: masked[range].map(\.self), label: Int(label))
        }
      }
    }
    let bounds = bounds
    for (index, change) in zip(indices, changes) where change.isFinite {
      values[index] = min(max(values[index] + scale * change, bounds.lowerBound), bounds.upperBound)
    }
    return changes
  }

  /// DW of one image: equations 1 to 3.
  func change(clean: [Float], masked: [Float], label: Int) -> Float {
    let count = min(rule.classes, clean.count)
    let byClean = Self.descending(clean)
    let byMasked = Self.descending(masked)
    let first =
      switch rule.firstClass {
      case .label: masked[label] - clean[label]
      case .prediction: masked[byClean[0]] - clean[byClean[0]]
      case .sorted: masked[byMasked[0]] - clean[byClean[0]]
      }
    var others: Float = 0
    switch rule.otherClasses {
    case .clean:
      let excluded = rule.firstClass == .label ? label : byClean[0]
      for place in 0..<count where byClean[place] != excluded {
        others += masked[byClean[place]] - clean[byClean[place]]
      }
    case .each:
      for place in 1..<max(1, count) { others += masked[byMasked[place]] - clean[byClean[place]] }
    }
    return rule.alpha * first + (1 - rule.alpha) * others
  }

  /// The classes from the most to the least probable, lower numbers first where probabilities are equal.
  private static func descending(_ probabilities: [Float]) -> [Int] {
    probabilities.indices.sorted {
      probabilities[$0] > probabilities[$1] || (probabilities[$0] == probabilities[$1] && $0 < $1)
    }
  }
}
