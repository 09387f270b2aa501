import CSmootKernels
import SmootTensor

/// What queries, keys and values consist of: floats, or the bits of bfloat16.
protocol AttentionNumber: ProductNumber {
  typealias Forward = (
    _ shape: UnsafePointer<smoot_attention_shape>, _ query: UnsafePointer<Self>,
    _ key: UnsafePointer<Self>, _ value: UnsafePointer<Self>, _ mask: UnsafePointer<Float>?,
    _ weights: UnsafeMutablePointer<Float>, _ result: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) -> Void
  typealias Backward = (
    _ shape: UnsafePointer<smoot_attention_shape>, _ query: UnsafePointer<Self>,
    _ key: UnsafePointer<Self>, _ value: UnsafePointer<Self>, _ mask: UnsafePointer<Float>?,
    _ weights: UnsafePointer<Float>, _ upstream: UnsafePointer<Float>,
    _ queryGradient: UnsafeMutablePointer<Float>, _ keyGradient: UnsafeMutablePointer<Float>,
    _ valueGradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) -> Void

  /// The kernel of a head.
  static var forward: Forward { get }
  /// The kernel of its gradient.
  static var backward: Backward { get }
}

extension Float: AttentionNumber {
  static var forward: Forward { smoot_attention_forward_f32 }
  static var backward: Backward { smoot_attention_backward_f32 }
}

extension UInt16: AttentionNumber {
  static var forward: Forward { smoot_attention_forward_bfloat16 }
  static var backward: Backward { smoot_attention_backward_bfloat16 }
}
