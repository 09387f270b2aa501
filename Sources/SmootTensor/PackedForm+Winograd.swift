import CSmootKernels

extension Tensor {
  /// Weights [3, 3, input channels, output channels] transformed for Winograd's method, kept until they change.
  ///
  /// - Parameters:
  ///   - stride: of the convolution.
  ///   - isTurnedAround: whether they are those of the convolution that gives the gradient of the images.
  ///   - precision: of the products.
  package func packedForWinograd(
    stride: Int = 1, isTurnedAround: Bool, _ precision: Precision
  ) -> Tensor {
    let (inputs, outputs) = (shape[2], shape[3])
    let form = PackedForm(
      order: .winograd(
        inputs: inputs, outputs: outputs, stride: stride, isTurnedAround: isTurnedAround),
      precision: precision)
    let pack = isTurnedAround ? smoot_winograd_f4x4_pack_transposed : smoot_winograd_f4x4_pack
    let count = smoot_winograd_f4x4_packed_count(inputs, outputs, stride, isTurnedAround ? 1 : 0)
    return packed(
      form, count: count, columns: isTurnedAround ? inputs : outputs, isKept: true
    ) { source, target, panel in
      let status = pack(
        precision.kind, inputs, outputs, stride, panel.lowerBound, panel.upperBound, source,
        target.address.assumingMemoryBound(to: Float.self))
      precondition(status == 0, "there is no memory left for the weights of a convolution")
    }
  }
}
