// What each instruction set provides for normalization.
#ifndef SMOOT_NORMALIZATION_VARIANTS_H
#define SMOOT_NORMALIZATION_VARIANTS_H

#include "../simd.h"
#include "smoot_normalization.h"

typedef struct smoot_normalization_kernels {
  void (*layer_norm_forward)(size_t, size_t, const float *, const float *, const float *, float, float *, float *, float *);
  void (*layer_norm_backward)(size_t, size_t, const float *, const float *, const float *, const float *, const float *, const float *, float *, float *, float *);
} smoot_normalization_kernels;

extern const smoot_normalization_kernels smoot_normalization_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_normalization_kernels smoot_normalization_kernels__avx2;
extern const smoot_normalization_kernels smoot_normalization_kernels__avx512;
#endif

#endif
