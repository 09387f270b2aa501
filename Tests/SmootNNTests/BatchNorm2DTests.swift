import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Batch normalization: what a pass in training leaves behind, and the same bits for any number of threads.
@Suite(.serialized) struct BatchNorm2DTests {
  @Test func recordsRunningStatisticsInTrainingOnly() {
    let layer = BatchNorm2D(ParameterScope(random: RandomKey(seed: 1)), channels: 2)
    // Channel 0: 1, 2, 3, 6; channel 1: constant 4.
    let images = Variable(Tensor([1, 4, 2, 4, 3, 4, 6, 4], shape: [1, 2, 2, 2]))
    let before = layer.buffers.map(\.value.scalars)
    _ = layer(images, .evaluation())
    #expect(layer.buffers.map(\.value.scalars) == before)
    _ = layer(images, ForwardContext(mode: .training, random: RandomKey(seed: 1)))
    // Mean 3, variance of the sample 14 / 3.
    expectClose(layer.buffers[0].value.scalars, [0.3, 0.4])
    expectClose(layer.buffers[1].value.scalars, [0.9 + 0.1 * 14 / 3, 0.9])
    #expect(layer.buffers[2].value.scalars == [1])
  }

  @Test func hasTheSameBitsForAnyNumberOfThreads() {
    let before = Parallelism.threads
    defer { Parallelism.threads = before }
    func run() -> [[Float]] {
      let tape = Tape()
      let images = tape.variable(scrambled([5, 9, 7, 48], 0.1))
      let scale = tape.variable(scrambled([48], 0.2))
      let shift = tape.variable(scrambled([48], 0.3))
      let output = images.batchNorm(scale: scale, shift: shift, epsilon: 1e-5).output
      let gradients = tape.gradients(
        of: output, seed: scrambled(output.shape, 0.7), withRespectTo: [images, scale, shift])
      return [output.value.scalars] + gradients.map(\.scalars)
    }
    Parallelism.threads = 1
    let expected = run()
    for threads in 2...4 {
      Parallelism.threads = threads
      #expect(run() == expected, "\(threads) threads")
    }
  }
}
