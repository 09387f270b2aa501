import Foundation
public import SmootTensor

/// Mixes each image of a batch with another one: mixup adds them (Zhang et al., 2018), CutMix puts a rectangle of one into the other (Yun et al., 2019).
///
/// As in timm, image i meets image n - 1 - i, one share is drawn for the whole batch from a symmetric beta distribution, and each batch takes one of the two ways with equal
/// probability when both are on. A mixed image belongs to the one that has the larger share in it: its label is the first label, and its place in the data set is the one whose
/// mask size adapts, so that no image's mask size moves twice in a batch. (timm keeps the order of the images instead; the set of mixed images is the same.)
public struct BatchMixing: Sendable, Equatable {
  /// The parameter of the beta distribution for mixup; 0 for no mixup.
  public var mixup: Double
  /// The parameter of the beta distribution for CutMix; 0 for no CutMix.
  public var cutmix: Double

  /// Makes a way of mixing.
  public init(mixup: Double = 0, cutmix: Double = 0) {
    precondition(mixup >= 0 && cutmix >= 0, "mixup \(mixup), cutmix \(cutmix)")
    self.mixup = mixup
    self.cutmix = cutmix
  }

  /// Whether images stay as they are.
  public var isIdentity: Bool { mixup == 0 && cutmix == 0 }

  /// The mixed batch.
  ///
  /// - Parameters:
  ///   - batch: images, normalized.
  ///   - key: decides the share and the place; that of the batch.
  public func callAsFunction(_ batch: LabeledBatch, key: RandomKey) -> LabeledBatch {
    guard !isIdentity, batch.labels.count > 1 else { return batch }
    var random = RandomSequence(key)
    let cuts = mixup == 0 || (cutmix > 0 && random.integer(below: 2) == 1)
    let drawn = Float(random.beta(cuts ? cutmix : mixup))
    let share = max(drawn, 1 - drawn)
    if !cuts { return mixed(batch, share: share) }
    return cut(batch, share: share, &random)
  }

  private func mixed(_ batch: LabeledBatch, share: Float) -> LabeledBatch {
    let values = batch.images.count / batch.labels.count
    let images = Tensor(uninitialized: batch.images.shape) { target in
      withPointers(batch.images) { source in
        parallelFor(batch.labels.count) { row in
          let (own, other) = (
            source + row * values, source + (batch.labels.count - 1 - row) * values
          )
          let target = target + row * values
          for index in 0..<values {
            target[index] = share * own[index] + (1 - share) * other[index]
          }
        }
      }
    }
    return batch.mixed(images, share: share)
  }

  private func cut(
    _ batch: LabeledBatch, share: Float, _ random: inout RandomSequence
  ) -> LabeledBatch {
    let (channels, height, width) = (
      batch.images.shape[1], batch.images.shape[2], batch.images.shape[3]
    )
    // The rectangle is centred anywhere and cut at the edges; the share is what it really leaves.
    let side = (1 - share).squareRoot()
    let (boxHeight, boxWidth) = (Int(Float(height) * side), Int(Float(width) * side))
    let (y, x) = (random.integer(below: height), random.integer(below: width))
    let rows = max(0, y - boxHeight / 2)..<min(height, y + boxHeight / 2)
    let columns = max(0, x - boxWidth / 2)..<min(width, x + boxWidth / 2)
    var images = batch.images
    let values = channels * height * width
    let count = batch.labels.count
    images.withMutablePointer { target in
      withPointers(batch.images) { source in
        parallelFor(count) { image in
          for channel in 0..<channels {
            for row in rows {
              let start = (channel * height + row) * width + columns.lowerBound
              (target + image * values + start).update(
                from: source + (count - 1 - image) * values + start, count: columns.count)
            }
          }
        }
      }
    }
    let kept = 1 - Float(rows.count * columns.count) / Float(height * width)
    return batch.mixed(images, share: kept)
  }
}

extension LabeledBatch {
  /// The same batch with mixed images.
  fileprivate func mixed(_ images: Tensor, share: Float) -> LabeledBatch {
    LabeledBatch(
      images: images, labels: labels, indices: indices,
      mixture: Mixture(labels: labels.reversed(), share: share))
  }
}
