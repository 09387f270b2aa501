import Foundation
import SmootEvaluation
import SmootTensor
import SmootTestSupport
import Testing

/// Pixels imputed from their neighbours, against pytorch-grad-cam and Quantus, which solve the same equations with SciPy.
@Suite(.serialized) struct ImputationTests {
  @Test(arguments: ["scattered", "block", "nearly_all", "edge", "smooth"])
  func solvesAsSciPyDoes(_ hole: String) throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "imputation")
    let image = try golden.tensor("imputation.image").reshaped(to: [1, 3, 24, 31])
    let missing = try golden.tensor("imputation.\(hole).missing").scalars.map { UInt8($0) }
    let filled = NoisyLinearImputation(noise: 0)(
      image, missing: missing, keys: [RandomKey(seed: 1)])
    expectClose(
      filled.reshaped(to: [3, 24, 31]), try golden.tensor("imputation.\(hole).filled"),
      relative: 1e-5, hole)
    // Known pixels stay as they are, to the bit.
    for (place, (before, after)) in zip(image.scalars, filled.scalars).enumerated()
    where missing[place % (24 * 31)] == 0 {
      #expect(before == after)
    }
  }

  /// A plane is its own mean everywhere inside, so it comes back through any hole that does not touch the edge.
  @Test func bringsBackAPlane() {
    let (height, width) = (40, 53)
    let plane = Tensor(
      (0..<height * width).map { 3 + 0.25 * Float($0 / width) - 0.125 * Float($0 % width) },
      shape: [1, 1, height, width])
    let missing = (0..<height * width).map { place -> UInt8 in
      (1..<height - 1).contains(place / width) && (1..<width - 1).contains(place % width) ? 1 : 0
    }
    let filled = NoisyLinearImputation(noise: 0)(
      plane, missing: missing, keys: [RandomKey(seed: 1)])
    expectClose(filled, plane, relative: 2e-6, "plane")
  }

  /// Images smaller than a loop by eights, and of one row: the only known pixel, or the line between two.
  @Test func fillsTinyImages() {
    let one = NoisyLinearImputation(noise: 0)(
      Tensor([5, 0, 0, 0], shape: [1, 1, 2, 2]), missing: [0, 1, 1, 1], keys: [RandomKey(seed: 1)])
    expectClose(one.scalars, [5, 5, 5, 5], relative: 1e-6)
    let row = NoisyLinearImputation(noise: 0)(
      Tensor([1, 0, 0, 0, 3], shape: [1, 1, 1, 5]), missing: [0, 1, 1, 1, 0],
      keys: [RandomKey(seed: 1)])
    expectClose(row.scalars, [1, 1.5, 2, 2.5, 3], relative: 1e-6)
    // Nothing missing, nothing done.
    let whole = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let kept = NoisyLinearImputation()(
      whole, missing: [0, 0, 0, 0], keys: [RandomKey(seed: 1)])
    #expect(kept.scalars == whole.scalars)
  }

  @Test func addsNoiseToMissingPixelsOnly() {
    let pixels = 64 * 64
    let image = Tensor.zeros([1, 1, 64, 64])
    let missing = (0..<pixels).map { UInt8($0 % 3 == 0 ? 0 : 1) }
    let filled = NoisyLinearImputation(noise: 0.5)(
      image, missing: missing, keys: [RandomKey(seed: 7)]
    ).scalars
    let noise = (0..<pixels).filter { missing[$0] == 1 }.map { Double(filled[$0]) }
    #expect((0..<pixels).allSatisfy { missing[$0] == 1 || filled[$0] == 0 })
    let mean = noise.reduce(0, +) / Double(noise.count)
    let deviation = (noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)).squareRoot()
    // 2,730 draws: standard errors 0.0096 and 0.0068.
    #expect(abs(mean) < 0.04)
    #expect(abs(deviation - 0.5) < 0.03)
  }

  @Test func givesTheSameBitsForAnyNumberOfThreads() throws {
    let golden = try GoldenFile(Bundle.module.bundlePath, "imputation")
    let image = try golden.tensor("imputation.image").reshaped(to: [1, 3, 24, 31])
    let many = Tensor.concatenated([image, image, image], axis: 0)
    let missing = try ["scattered", "block", "smooth"].flatMap {
      try golden.tensor("imputation.\($0).missing").scalars.map { UInt8($0) }
    }
    let keys = (0..<3).map { RandomKey(seed: 3).derived($0) }
    let kept = Parallelism.threads
    defer { Parallelism.threads = kept }
    let results = [1, 2, 5].map { threads in
      Parallelism.threads = threads
      return NoisyLinearImputation()(many, missing: missing, keys: keys).scalars
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    let single = NoisyLinearImputation()(
      image, missing: Array(missing[0..<744]), keys: [keys[0]])
    #expect(Array(results[0][0..<single.count]) == single.scalars)
  }
}
