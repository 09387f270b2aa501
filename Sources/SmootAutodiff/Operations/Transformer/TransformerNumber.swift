import CSmootKernels
import SmootTensor

/// What the inside of a transformer's branch consists of: floats, or the bits of bfloat16.
protocol TransformerNumber: ProductNumber {
  typealias AttentionForward = (
    _ shape: UnsafePointer<smoot_attention_shape>, _ query: UnsafePointer<Self>,
    _ key: UnsafePointer<Self>, _ value: UnsafePointer<Self>, _ mask: UnsafePointer<Float>?,
    _ weights: UnsafeMutablePointer<Float>, _ result: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) -> Void
  typealias AttentionBackward = (
    _ shape: UnsafePointer<smoot_attention_shape>, _ query: UnsafePointer<Self>,
    _ key: UnsafePointer<Self>, _ value: UnsafePointer<Self>, _ mask: UnsafePointer<Float>?,
    _ weights: UnsafePointer<Float>, _ upstream: UnsafePointer<Float>,
    _ queryGradient: UnsafeMutablePointer<Float>, _ keyGradient: UnsafeMutablePointer<Float>,
    _ valueGradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) -> Void
  typealias GELUWithSlope = (
    _ count: Int, _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Self>?,
    _ slope: UnsafeMutablePointer<Self>?
  ) -> Void
  typealias SlopeBackward = (
    _ rows: Int, _ columns: Int, _ slope: UnsafePointer<Self>?, _ gradient: UnsafePointer<Float>?,
    _ result: UnsafeMutablePointer<Self>?, _ sums: UnsafeMutablePointer<Float>?
  ) -> Void

  /// The kernel of a head of attention.
  static var attentionForward: AttentionForward { get }
  /// The kernel of its gradient.
  static var attentionBackward: AttentionBackward { get }
  /// The kernel of GELU and its derivative.
  static var geluWithSlope: GELUWithSlope { get }
  /// The kernel of the product with the derivative, and of its sums over the rows.
  static var slopeBackward: SlopeBackward { get }
}

extension Float: TransformerNumber {
  static var attentionForward: AttentionForward { smoot_attention_forward_f32 }
  static var attentionBackward: AttentionBackward { smoot_attention_backward_f32 }
  static var geluWithSlope: GELUWithSlope { smoot_gelu_with_slope_f32 }
  static var slopeBackward: SlopeBackward { smoot_slope_backward_f32 }
}

extension UInt16: TransformerNumber {
  static var attentionForward: AttentionForward { smoot_attention_forward_bfloat16 }
  static var attentionBackward: AttentionBackward { smoot_attention_backward_bfloat16 }
  static var geluWithSlope: GELUWithSlope { smoot_gelu_with_slope_bfloat16 }
  static var slopeBackward: SlopeBackward { smoot_slope_backward_bfloat16 }
}
