import CSmootKernels

/// The kernel levels of this processor.
public let kernelLevels: [String] = ["scalar", "avx2", "avx512"].enumerated().compactMap {
  $0.offset <= smoot_kernel_level_supported().rawValue ? $0.element : nil
}

/// The kernel levels with variants of their own for products of bfloat16.
public let bfloat16Levels: [String] =
  kernelLevels
  + (withKernels("avx512+bf16") { smoot_bfloat16_is_native() } != 0 ? ["avx512+bf16"] : [])

/// Calls a function with the kernels of a level.
///
/// Tests that use this must not run beside others: `swift test --no-parallel`.
public func withKernels<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
  let before = smoot_kernel_level_current()
  let index = ["scalar", "avx2", "avx512", "avx512+bf16"].firstIndex(of: name) ?? 0
  smoot_kernel_level_set(smoot_kernel_level(rawValue: numericCast(min(index, 2))))
  smoot_bfloat16_set_native(index == 3 ? 1 : 0)
  defer {
    smoot_kernel_level_set(before)
    smoot_bfloat16_set_native(1)
  }
  return try body()
}
