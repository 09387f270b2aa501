import SmootAutodiff
import SmootTensor
import SmootTestSupport
import Testing

/// The maximum over windows, number by number.
@Suite(.serialized) struct PoolingTests {
  /// Few different numbers, so that maxima are often attained more than once.
  private func image(_ shape: Shape) -> Tensor {
    let key = RandomKey(seed: 5)
    return Tensor(
      (0..<shape.count).map { (key.normal(at: UInt64($0)) * 2).rounded() }, shape: shape)
  }

  /// The maximum of each window and the place where it is first attained.
  private func maxima(
    _ image: Tensor, _ size: Int, _ stride: Int, _ padding: Int
  ) -> [(value: Float, place: Int)] {
    let (height, width, channels) = (image.shape[1], image.shape[2], image.shape[3])
    let values = image.scalars
    func outputs(_ extent: Int) -> Int { (extent + 2 * padding - size) / stride + 1 }
    var result: [(Float, Int)] = []
    for batch in 0..<image.shape[0] {
      for row in 0..<outputs(height) {
        for column in 0..<outputs(width) {
          for channel in 0..<channels {
            var best: (Float, Int)?
            for y in row * stride - padding..<row * stride - padding + size
            where (0..<height).contains(y) {
              for x in column * stride - padding..<column * stride - padding + size
              where (0..<width).contains(x) {
                let place = ((batch * height + y) * width + x) * channels + channel
                if values[place] > best?.0 ?? -.infinity { best = (values[place], place) }
              }
            }
            result.append(best ?? (-.infinity, 0))
          }
        }
      }
    }
    return result
  }

  @Test(arguments: kernelLevels)
  func takesTheFirstOfTheLargest(level: String) {
    for (size, stride, padding, channels) in [(2, 2, 0, 21), (3, 2, 1, 16), (3, 1, 0, 3)] {
      let image = image([2, 7, 6, channels])
      let expected = maxima(image, size, stride, padding)
      withKernels(level) {
        let tape = Tape()
        let input = tape.variable(image)
        let output = input.maxPool(size: size, stride: stride, padding: padding)
        #expect(output.value.scalars == expected.map(\.value))
        let seed = Tensor((0..<expected.count).map { Float($0 % 7) }, shape: output.shape)
        var sent = [Float](repeating: 0, count: image.count)
        for (index, window) in expected.enumerated() { sent[window.place] += Float(index % 7) }
        let gradient = tape.gradients(of: output, seed: seed, withRespectTo: [input])[0]
        #expect(gradient.scalars == sent, "\(level) \(size)/\(stride)")
      }
    }
  }

  /// A number that is not finite must not disappear in a maximum.
  @Test(arguments: kernelLevels)
  func letsNaNThrough(level: String) {
    for place in 0..<4 {
      var values = [Float](repeating: 1, count: 4 * 16)
      values[place * 16 + 5] = .nan
      withKernels(level) {
        let output = Variable(Tensor(values, shape: [1, 2, 2, 16])).maxPool(size: 2, stride: 2)
        for (channel, value) in output.value.scalars.enumerated() {
          #expect(value.isNaN == (channel == 5))
        }
      }
    }
  }
}
