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

void smoot_gelu_with_slope_f32(size_t count, const float *x, float *y, float *slope) {
  kernels()->gelu_with_slope(count, x, y, slope);
}

/// Numbers that are computed as floats before they are rounded: they stay in the first-level cache.
enum { FEW = 512 };

void smoot_gelu_with_slope_bfloat16(size_t count, const float *x, smoot_bfloat16 *y, smoot_bfloat16 *slope) {
  float outputs[FEW], slopes[FEW];
  for (size_t i = 0; i < count; i += FEW) {
    size_t few = count - i < FEW ? count - i : FEW;
    kernels()->gelu_with_slope(few, x + i, outputs, slopes);
    smoot_bfloat16_from_f32(few, outputs, y + i);
    smoot_bfloat16_from_f32(few, slopes, slope + i);
  }
}

void smoot_slope_backward_f32(size_t rows, size_t columns, const float *slope, const float *dy, float *dx,
                              float *sums) {
  for (size_t r = 0; r < rows; r++) {
    size_t row = r * columns;
    kernels()->slope_backward(columns, slope + row, dy + row, dx + row, sums);
  }
}

void smoot_slope_backward_bfloat16(size_t rows, size_t columns, const smoot_bfloat16 *slope, const float *dy,
                                   smoot_bfloat16 *dx, float *sums) {
  float products[FEW];
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < columns; c += FEW) {
      size_t few = columns - c < FEW ? columns - c : FEW, place = r * columns + c;
      kernels()->slope_backward_bfloat16(few, slope + place, dy + place, products, sums ? sums + c : NULL);
      smoot_bfloat16_from_f32(few, products, dx + place);
    }
  }
}
