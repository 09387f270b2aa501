// What each instruction set provides for batch normalization.
#ifndef SMOOT_BATCH_NORM_VARIANTS_H
#define SMOOT_BATCH_NORM_VARIANTS_H

#include "../simd.h"
#include "smoot_batch_norm.h"

/// For numbers of one kind.
typedef struct smoot_batch_norm_kernels {
  void (*sums)(size_t, size_t, const void *, double *, double *);
  void (*forward)(size_t, size_t, const void *, const float *, const float *, const float *, const float *, const void *, int, void *);
  void (*backward_sums)(size_t, size_t, const void *, const float *, const float *, const float *, const float *, const void *, const void *, void *, double *, double *);
  void (*backward)(size_t, size_t, const void *, const float *, const float *, const float *, const float *, const void *, const float *, const float *, void *);
  void (*scaled_relu_backward)(size_t, size_t, const void *, const float *, const void *, void *, void *);
} smoot_batch_norm_kernels;

extern const smoot_batch_norm_kernels smoot_batch_norm_kernels__scalar, smoot_batch_norm_kernels_bfloat16__scalar;
#if defined(__x86_64__)
extern const smoot_batch_norm_kernels smoot_batch_norm_kernels__avx2, smoot_batch_norm_kernels_bfloat16__avx2,
    smoot_batch_norm_kernels__avx512, smoot_batch_norm_kernels_bfloat16__avx512,
    smoot_batch_norm_kernels_bfloat16__avx512bf16;
#endif

#endif
