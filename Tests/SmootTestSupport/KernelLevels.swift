import CSmootKernels

/// The kernel levels of this processor.
public let kernelLevels: [String] = ["scalar", "avx2", "avx512"].enumerated().compactMap {
  $0.offset <= smoot_kernel_level_supported().rawValue ? $0.element : nil
}

/// The kernel levels with variants of their own for products of bfloat16; with `tiles` the loops that stand in for AMX, with `amx` the processor's.
public let bfloat16Levels: [String] =
  kernelLevels
  + [
    "avx512+bf16": SMOOT_TILES_NONE, "avx512+tiles": SMOOT_TILES_EMULATED,
    "avx512+amx": SMOOT_TILES_NATIVE,
  ].filter { name, tiles in
    withKernels(name) { smoot_bfloat16_is_native() != 0 && smoot_tiles_current() == tiles }
  }.keys.sorted()

/// Calls a function with the kernels of a level.
///
/// Tests that use this must not run beside others: `swift test --no-parallel`.
public func withKernels<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
  let (level, tiles) = (smoot_kernel_level_current(), smoot_tiles_current())
  let names = ["scalar", "avx2", "avx512", "avx512+bf16", "avx512+tiles", "avx512+amx"]
  let index = names.firstIndex(of: name) ?? 0
  smoot_kernel_level_set(smoot_kernel_level(rawValue: numericCast(min(index, 2))))
  smoot_bfloat16_set_native(index >= 3 ? 1 : 0)
  smoot_tiles_set(
    index == 4 ? SMOOT_TILES_EMULATED : index == 5 ? SMOOT_TILES_NATIVE : SMOOT_TILES_NONE)
  defer {
    smoot_kernel_level_set(level)
    smoot_bfloat16_set_native(1)
    smoot_tiles_set(tiles)
  }
  return try body()
}
