import CSmootKernels

extension Tensor {
  /// Weights [3, 3, input channels, output channels] transformed for Winograd's method, kept until they change.
  ///
  /// - Parameter isTurnedAround: whether they are those of the convolution that gives the gradient of the images.
  package func packedForWinograd(isTurnedAround: Bool) -> Tensor {
    let (inputs, outputs) = (shape[2], shape[3])
    let form = PackedForm(
      order: .winograd(inputs: inputs, outputs: outputs, isTurnedAround: isTurnedAround),
      precision: .float32)
    let pack =
      isTurnedAround ? smoot_winograd_f4x4_pack_transposed_f32 : smoot_winograd_f4x4_pack_f32
    return packed(
      form, count: smoot_winograd_f4x4_packed_count(inputs, outputs),
      columns: isTurnedAround ? inputs : outputs, isKept: true
    ) { source, target, panel in
      let status = pack(
        inputs, outputs, panel.lowerBound, panel.upperBound, source, target.start)
      precondition(status == 0, "there is no memory left for the weights of a convolution")
    }.tensor
  }
}
