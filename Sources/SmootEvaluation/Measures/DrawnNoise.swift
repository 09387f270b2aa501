import SmootTensor

/// The noise that measures add to images: from a key, or replayed.
struct DrawnNoise {
  /// How numbers are spread.
  enum Distribution {
    /// Uniform in [-radius, radius).
    case uniform(radius: Double)
    /// Normal with mean 0.
    case normal(deviation: Double)
  }

  let distribution: Distribution
  /// Where the numbers come from; sample s of image i draws from the key derived by i and s.
  let key: RandomKey
  /// The numbers of a sample of an image, instead of drawn ones.
  let replayed: (@Sendable (_ index: Int, _ sample: Int) -> [Float])?

  /// Writes the noise of a sample of an image.
  func write(
    _ target: UnsafeMutablePointer<Float>, count: Int, index: Int, sample: Int
  ) {
    if let replayed {
      let values = replayed(index, sample)
      precondition(values.count == count, "\(values.count) replayed numbers for \(count)")
      for place in 0..<count { target[place] = values[place] }
      return
    }
    let key = key.derived(index).derived(sample)
    switch distribution {
    case .uniform(let radius):
      let radius = Float(radius)
      key.writeUniform(target, count: count)
      for place in 0..<count { target[place] = (2 * target[place] - 1) * radius }
    case .normal(let deviation):
      let deviation = Float(deviation)
      key.writeNormal(target, count: count)
      for place in 0..<count { target[place] *= deviation }
    }
  }
}
