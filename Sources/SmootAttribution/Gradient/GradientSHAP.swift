public import SmootNN
public import SmootTensor

/// The expected product of the difference from a random reference image and the gradient at a random place on the way from it.
///
/// Lundberg and Lee, A Unified Approach to Interpreting Model Predictions, 2017; Erion et al., Improving Performance of Deep Learning Models with Axiomatic Attribution Priors
/// and Expected Gradients, 2021. As in Captum the image itself may be noisy, and the difference is that of the noisy image. The reference images come with the context.
public struct GradientSHAP: AttributionMethod {
  /// What chance decides, to be replayed; samples of the first image first.
  public struct Draws: Sendable, Equatable {
    /// Which reference image each sample begins at.
    public var references: [Int]
    /// Where on the way each sample lies, in [0, 1]; 1 is the image.
    public var places: [Float]
    /// The noise, [batch, samples, channels, height, width]; none when `nil`.
    public var noise: FrozenTensor?

    /// Makes draws.
    public init(references: [Int], places: [Float], noise: FrozenTensor? = nil) {
      self.references = references
      self.places = places
      self.noise = noise
    }
  }

  /// How many samples each image has.
  public var samples: Int
  /// The standard deviation of the noise, in units of the normalized image.
  public var deviation: Float
  /// What chance decides, when it is to be replayed.
  public var draws: Draws?

  /// Makes the method.
  public init(samples: Int = 25, deviation: Float = 0, draws: Draws? = nil) {
    precondition(samples > 0, "\(samples) samples have no mean")
    self.samples = samples
    self.deviation = deviation
    self.draws = draws
  }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(
      samples: try options.integer("samples", usual: 25, in: 1...100_000),
      deviation: try options.number("noise", usual: 0, in: 0...1000))
  }

  /// Reference images.
  public var needs: ContextNeeds { .references }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "gradient-shap", family: .gradient,
    summary: "gradients at random places on the way from random reference images",
    cost: "samples x (1F + 1B)",
    options: [
      MethodOption("samples", 25, "how many samples"),
      MethodOption("noise", 0, "the standard deviation of noise on the normalized image"),
    ])

  /// Means, [batch, channels, height, width].
  public func attribute(
    _ images: Tensor, targets: [Int32], model: any Classifier, _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    let references = try context.references(for: images, Self.description.name)
    let draws = try draws(for: images, references: references.shape[0], context)
    let (batch, count) = (images.shape[0], images.count / max(1, images.shape[0]))
    var sums = MapSums(batch: batch)
    try context.forEachVariant(of: images, samples: samples) { variant, image, target in
      let sample = variant.image * samples + variant.sample
      if let noise = draws.noise {
        for index in 0..<count {
          target[index] = image[index] + noise.scalars[sample * count + index]
        }
      } else if deviation > 0 {
        context.key("noise", image: variant.image, sample: variant.sample)
          .forEachNormal(count) { target[$0] = image[$0] + deviation * $1 }
      } else {
        target.update(from: image, count: count)
      }
    } explain: { noisy, variants in
      let samples = variants.map { $0.image * self.samples + $0.sample }
      func mixed(_ mix: @escaping (_ image: Float, _ reference: Float, _ place: Float) -> Float)
        -> Tensor
      {
        Tensor(uninitialized: noisy.shape) { target in
          withPointers(noisy, references) { noisy, references in
            parallelFor(samples.count) { row in
              let reference = references + draws.references[samples[row]] * count
              let (image, target) = (noisy + row * count, target + row * count)
              let place = draws.places[samples[row]]
              for index in 0..<count { target[index] = mix(image[index], reference[index], place) }
            }
          }
        }
      }
      let pass = RecordedPass(mixed { $2 * $0 + (1 - $2) * $1 }, model)
      let gradients = pass.gradients(variants.map { targets[$0.image] }, context.score)
      sums.add(gradients * mixed { image, reference, _ in image - reference }, of: variants)
    }
    return Attribution(sums.total * (1 / Float(samples)))
  }

  private func draws(
    for images: Tensor, references count: Int, _ context: AttributionContext
  ) throws(AttributionError) -> Draws {
    let total = images.shape[0] * samples
    guard let draws else {
      let keys = (0..<total).map { (image: $0 / samples, sample: $0 % samples) }
      return Draws(
        references: keys.map {
          context.key("reference", image: $0.image, sample: $0.sample).integer(below: count, at: 0)
        },
        places: keys.map {
          context.key("place", image: $0.image, sample: $0.sample).uniform(at: 0)
        })
    }
    let noiseCount = draws.noise?.shape.count ?? images.count * samples
    guard draws.references.count == total, draws.places.count == total,
      noiseCount == images.count * samples, draws.references.allSatisfy((0..<count).contains)
    else {
      throw .badData(
        "the draws to replay are not for \(total) samples and \(count) reference images")
    }
    return draws
  }
}
