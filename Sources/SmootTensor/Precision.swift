package import CSmootKernels

/// In which numbers products of matrices, and with them convolutions and linear maps, are computed.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// 32-bit floating point.
  case float32 = "fp32"
  /// Operands rounded to bfloat16, the upper half of a 32-bit number, and sums in 32-bit floating point.
  ///
  /// Images between convolutions and their gradients are kept in 16 bits, and so is what lies within a branch of a transformer block; tokens between these branches, weights and their
  /// gradients, statistics, losses and the optimizer's state are kept in 32. The exponent has as many bits as that of a 32-bit number, so no gradient becomes zero that would not
  /// be zero otherwise, and no loss needs to be scaled.
  case bfloat16 = "bf16"

  /// The bytes of a number.
  package var byteCount: Int { self == .float32 ? 4 : 2 }
  /// The kind of number as kernels take it.
  package var kind: smoot_number { self == .float32 ? SMOOT_FLOAT32 : SMOOT_BFLOAT16 }
}
