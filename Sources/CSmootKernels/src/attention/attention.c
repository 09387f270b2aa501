#include "attention_variants.h"

#include "smoot_kernel_level.h"

static const smoot_attention_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_attention_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_attention_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_attention_kernels__scalar;
}

static const smoot_attention_kernels *kernels_bfloat16(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512:
      return smoot_bfloat16_is_native() ? &smoot_attention_kernels_bfloat16__avx512bf16
                                        : &smoot_attention_kernels_bfloat16__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_attention_kernels_bfloat16__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_attention_kernels_bfloat16__scalar;
}

size_t smoot_attention_weight_stride(size_t tokens) { return smoot_attention_aligned(tokens); }

size_t smoot_attention_scratch(size_t tokens, size_t width) {
  // The slopes of the weights, a factor of half their size, and two of the size of queries, keys and values.
  size_t square = smoot_attention_aligned(tokens) * smoot_attention_aligned(tokens);
  return square + square / 2 + 2 * smoot_attention_aligned(tokens) * smoot_attention_aligned(width);
}

void smoot_attention_forward_f32(const smoot_attention_shape *shape, const float *query, const float *key,
                                 const float *value, const float *mask, float *weights, float *result, float *scratch) {
  kernels()->forward(shape, query, key, value, mask, weights, result, scratch);
}

void smoot_attention_forward_bfloat16(const smoot_attention_shape *shape, const smoot_bfloat16 *query, const smoot_bfloat16 *key,
                                      const smoot_bfloat16 *value, const float *mask, float *weights, float *result,
                                      float *scratch) {
  kernels_bfloat16()->forward(shape, query, key, value, mask, weights, result, scratch);
}

void smoot_attention_backward_f32(const smoot_attention_shape *shape, const float *query, const float *key,
                                  const float *value, const float *mask, const float *weights, const float *upstream,
                                  float *query_gradient, float *key_gradient, float *value_gradient, float *scratch) {
  kernels()->backward(shape, query, key, value, mask, weights, upstream, query_gradient, key_gradient, value_gradient,
                      scratch);
}

void smoot_attention_backward_bfloat16(const smoot_attention_shape *shape, const smoot_bfloat16 *query, const smoot_bfloat16 *key,
                                       const smoot_bfloat16 *value, const float *mask, const float *weights,
                                       const float *upstream, float *query_gradient, float *key_gradient,
                                       float *value_gradient, float *scratch) {
  kernels_bfloat16()->backward(shape, query, key, value, mask, weights, upstream, query_gradient, key_gradient,
                               value_gradient, scratch);
}
