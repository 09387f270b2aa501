import CSmootKernels
import SmootTensor

/// What the hidden layer of a perceptron consists of: floats, or the bits of bfloat16.
protocol PerceptronNumber: ProductNumber {
  typealias GELUKernel = (
    _ count: Int, _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Self>?,
    _ slope: UnsafeMutablePointer<Self>?
  ) -> Void
  typealias SlopeKernel = (
    _ rows: Int, _ columns: Int, _ slope: UnsafePointer<Self>?, _ gradient: UnsafePointer<Float>?,
    _ result: UnsafeMutablePointer<Self>?, _ sums: UnsafeMutablePointer<Float>?
  ) -> Void

  /// The kernel of GELU and its derivative.
  static var geluWithSlope: GELUKernel { get }
  /// The kernel of the product with the derivative, and of its sums over the rows.
  static var slopeBackward: SlopeKernel { get }
}

extension Float: PerceptronNumber {
  static var geluWithSlope: GELUKernel { smoot_gelu_with_slope_f32 }
  static var slopeBackward: SlopeKernel { smoot_slope_backward_f32 }
}

extension UInt16: PerceptronNumber {
  static var geluWithSlope: GELUKernel { smoot_gelu_with_slope_bfloat16 }
  static var slopeBackward: SlopeKernel { smoot_slope_backward_bfloat16 }
}
