// Chooses the kernels of the current level.
#include "smoot_kernel_level.h"
#include "softmax_variants.h"

static const smoot_softmax_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_softmax_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_softmax_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_softmax_kernels__scalar;
}

void smoot_softmax_forward_f32(size_t rows, size_t columns, const float *x, float *y) {
  kernels()->softmax_forward(rows, columns, x, y);
}

void smoot_softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy, float *dx) {
  kernels()->softmax_backward(rows, columns, y, dy, dx);
}

void smoot_log_softmax_forward_f32(size_t rows, size_t columns, const float *x, float *y) {
  kernels()->log_softmax_forward(rows, columns, x, y);
}

void smoot_log_softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy, float *dx) {
  kernels()->log_softmax_backward(rows, columns, y, dy, dx);
}

void smoot_cross_entropy_f32(size_t rows, size_t columns, const float *logits, const int32_t *labels, float smoothing,
                             float scale, float *losses, float *slopes) {
  kernels()->cross_entropy(rows, columns, logits, labels, smoothing, scale, losses, slopes);
}

void smoot_divergence_f32(smoot_divergence kind, size_t rows, size_t columns, const float *logits_p,
                          const float *logits_q, float scale, float *values, float *slope_p, float *slope_q) {
  kernels()->divergence(kind, rows, columns, logits_p, logits_q, scale, values, slope_p, slope_q);
}
