import CSmootKernels

extension Tensor {
  /// Whether no element is infinite or NaN.
  public var isFinite: Bool {
    withPointers(self) { smoot_is_finite_f32(count, $0) != 0 }
  }
}
