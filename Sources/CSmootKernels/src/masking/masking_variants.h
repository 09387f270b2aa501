// What each instruction set provides for masks.
#ifndef SMOOT_MASKING_VARIANTS_H
#define SMOOT_MASKING_VARIANTS_H

#include "../simd.h"
#include "smoot_masking.h"

typedef struct smoot_masking_kernels {
  void (*mask_lowest)(size_t, const float *, size_t, uint8_t *, uint32_t *);
  void (*reduce_channels)(smoot_channel_reduction, size_t, size_t, const float *, float *);
  size_t (*unmasked_range)(size_t, const float *, const uint8_t *, float *, float *);
  void (*fill)(size_t, const float *, const uint8_t *, float, float, const float *, float *);
} smoot_masking_kernels;

extern const smoot_masking_kernels smoot_masking_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_masking_kernels smoot_masking_kernels__avx2;
extern const smoot_masking_kernels smoot_masking_kernels__avx512;
#endif

/// An unsigned number that is ordered as the float is: NaN last, -0 as 0.
static inline __attribute__((always_inline)) uint32_t smoot_ordered_bits(float value) {
  float positive_zero = value + 0.0f;  // -0 becomes 0
  uint32_t bits;
  memcpy(&bits, &positive_zero, sizeof bits);
  uint32_t ordered = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return value != value ? UINT32_MAX : ordered;
}

#endif
