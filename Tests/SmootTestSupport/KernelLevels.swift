import CSmootKernels

/// The kernel levels of this processor.
public let kernelLevels: [String] = ["scalar", "avx2", "avx512"].enumerated().compactMap {
  $0.offset <= smoot_kernel_level_supported().rawValue ? $0.element : nil
}

/// Calls a function with the kernels of a level.
///
/// Tests that use this must not run beside others: `swift test --no-parallel`.
public func withKernels<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
  let before = smoot_kernel_level_current()
  let index = ["scalar", "avx2", "avx512"].firstIndex(of: name) ?? 0
  smoot_kernel_level_set(smoot_kernel_level(rawValue: numericCast(index)))
  defer { smoot_kernel_level_set(before) }
  return try body()
}
