import CSmootKernels
import SmootTensor

/// A convolution of channels-last images without padding, with a bias, a ReLU and a 2x2 max-pool, none of whose intermediate results is ever whole in memory.
struct ConvolutionReLUMaxPool: Operation {
  let name = "convolution, relu, max-pool"
  let pooled: PooledConvolution
  let input: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let wantsWeight = needs[1] || needs[2]
    let imageCount = pooled.shape.imageCount
    return withPointers(input) { input in
      var sums: PooledConvolution.WeightGradients?
      var inputGradient: Tensor?
      if needs[0] {
        inputGradient = Tensor(uninitialized: self.input.shape) { result in
          sums = pooled.gradients(
            gradient, wantsWeight: wantsWeight, input: { result + $1 * imageCount }
          ) { input + $1 * imageCount }
        }
      } else {
        sums = pooled.gradients(gradient, wantsWeight: wantsWeight) { input + $1 * imageCount }
      }
      return [inputGradient, needs[1] ? sums?.weight : nil, needs[2] ? sums?.bias : nil]
    }
  }
}
