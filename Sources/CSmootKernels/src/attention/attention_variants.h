// What each instruction set provides for attention.
#ifndef SMOOT_ATTENTION_VARIANTS_H
#define SMOOT_ATTENTION_VARIANTS_H

#include "../simd.h"
#include "smoot_attention.h"
#include "smoot_bfloat16.h"
#include "smoot_reduction.h"

/// Rows of matrices in scratch memory are multiples of so many elements.
#define SMOOT_ATTENTION_ALIGNMENT 16

static inline size_t smoot_attention_aligned(size_t count) {
  return (count + SMOOT_ATTENTION_ALIGNMENT - 1) / SMOOT_ATTENTION_ALIGNMENT * SMOOT_ATTENTION_ALIGNMENT;
}

typedef struct smoot_attention_kernels {
  /// Queries, keys and values are floats, or smoot_bfloat16.
  void (*forward)(const smoot_attention_shape *shape, const void *query, const void *key, const void *value,
                  const float *mask, float *weights, float *result, float *scratch);
  void (*backward)(const smoot_attention_shape *shape, const void *query, const void *key, const void *value,
                   const float *mask, const float *weights, const float *upstream, float *query_gradient,
                   float *key_gradient, float *value_gradient, float *scratch);
} smoot_attention_kernels;

extern const smoot_attention_kernels smoot_attention_kernels__scalar, smoot_attention_kernels_bfloat16__scalar;
#if defined(__x86_64__)
extern const smoot_attention_kernels smoot_attention_kernels__avx2, smoot_attention_kernels_bfloat16__avx2,
    smoot_attention_kernels__avx512, smoot_attention_kernels_bfloat16__avx512,
    smoot_attention_kernels_bfloat16__avx512bf16;
#endif

#endif
