// Chooses the kernels of the current level.
#include "normalization_variants.h"
#include "smoot_kernel_level.h"

static const smoot_normalization_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_normalization_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_normalization_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_normalization_kernels__scalar;
}

void smoot_layer_norm_forward_f32(size_t rows, size_t columns, const float *x, const float *scale, const float *shift, float epsilon, float *y, float *means, float *inverses) {
  kernels()->layer_norm_forward(rows, columns, x, scale, shift, epsilon, y, means, inverses);
}

void smoot_layer_norm_backward_f32(size_t rows, size_t columns, const float *x, const float *scale, const float *means, const float *inverses, const float *dy, const float *addend, float *dx, float *dscale, float *dshift) {
  kernels()->layer_norm_backward(rows, columns, x, scale, means, inverses, dy, addend, dx, dscale, dshift);
}
