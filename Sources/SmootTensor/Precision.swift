/// In which numbers products of matrices, and with them convolutions and linear maps, are computed.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// 32-bit floating point.
  case float32 = "fp32"
  /// Operands rounded to bfloat16, the upper half of a 32-bit number, and sums in 32-bit floating point.
  ///
  /// What lies between products stays in 32 bits: weights, activations, gradients, statistics, losses and the optimizer's state. Only what lies within a branch of a transformer block,
  /// and is multiplied there, is kept in 16 bits, and with it the slopes of GELU. The exponent has as many bits as that of a 32-bit number, so no gradient becomes zero that would not
  /// be zero otherwise, and no loss needs to be scaled.
  case bfloat16 = "bf16"
}
