// Which instruction set the kernels use, chosen once when the first kernel runs.
#ifndef SMOOT_KERNEL_LEVEL_H
#define SMOOT_KERNEL_LEVEL_H

/// The instruction sets with kernels of their own, from the most portable to the widest.
typedef enum smoot_kernel_level {
  SMOOT_KERNEL_SCALAR = 0,  ///< Plain C: the readable reference, on every processor.
  SMOOT_KERNEL_AVX2 = 1,    ///< AVX2 and FMA.
  SMOOT_KERNEL_AVX512 = 2,  ///< AVX-512 F, BW, DQ and VL.
} smoot_kernel_level;

/// The widest level that this processor and its operating system support.
smoot_kernel_level smoot_kernel_level_supported(void);

/// The level in use: the widest supported one, unless `SMOOT_KERNELS` (`scalar`, `avx2`, `avx512`) or a call of
/// `smoot_kernel_level_set` asks for a lower one.
smoot_kernel_level smoot_kernel_level_current(void);

/// Uses `level` from now on. Returns 0, or -1 without a change when this processor does not support it.
int smoot_kernel_level_set(smoot_kernel_level level);

/// The level's name as `SMOOT_KERNELS` spells it.
const char *smoot_kernel_level_name(smoot_kernel_level level);

/// 0 when `SMOOT_KERNELS` is unset or names a level that this processor supports, else -1: the caller should say so.
int smoot_kernel_level_environment_status(void);

#endif
