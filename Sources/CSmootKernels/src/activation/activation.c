// Chooses the kernels of the current level.
#include "activation_variants.h"
#include "smoot_kernel_level.h"

static const smoot_activation_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_activation_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_activation_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_activation_kernels__scalar;
}

void smoot_exp_f32(size_t count, const float *x, float *y) {
  kernels()->exp(count, x, y);
}

void smoot_log_f32(size_t count, const float *x, float *y) {
  kernels()->log(count, x, y);
}

void smoot_tanh_forward_f32(size_t count, const float *x, float *y) {
  kernels()->tanh_forward(count, x, y);
}

void smoot_tanh_backward_f32(size_t count, const float *y, const float *dy, float *dx) {
  kernels()->tanh_backward(count, y, dy, dx);
}

void smoot_sigmoid_forward_f32(size_t count, const float *x, float *y) {
  kernels()->sigmoid_forward(count, x, y);
}

void smoot_sigmoid_backward_f32(size_t count, const float *y, const float *dy, float *dx) {
  kernels()->sigmoid_backward(count, y, dy, dx);
}

void smoot_gelu_forward_f32(size_t count, const float *x, float *y) {
  kernels()->gelu_forward(count, x, y);
}

void smoot_gelu_backward_f32(size_t count, const float *x, const float *dy, float *dx) {
  kernels()->gelu_backward(count, x, dy, dx);
}

void smoot_bias_gelu_f32(size_t rows, size_t columns, const float *bias, float *x, float *y) {
  kernels()->bias_gelu(rows, columns, bias, x, y);
}

void smoot_bias_gelu_bfloat16(size_t rows, size_t columns, const float *bias, const float *x, smoot_bfloat16 *y,
                              smoot_bfloat16 *slope) {
  kernels()->bias_gelu_bfloat16(rows, columns, bias, x, y, slope);
}

void smoot_gelu_backward_bfloat16(size_t rows, size_t columns, const smoot_bfloat16 *slope, const float *dy,
                                  smoot_bfloat16 *dx, float *sums) {
  kernels()->gelu_backward_bfloat16(rows, columns, slope, dy, dx, sums);
}
