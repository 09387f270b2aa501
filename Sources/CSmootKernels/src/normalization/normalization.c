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

void smoot_batch_norm_sums_f32(size_t rows, size_t columns, const float *x, double *sums, double *squares) {
  kernels()->batch_norm_sums(rows, columns, x, sums, squares);
}

void smoot_batch_norm_statistics_f32(size_t rows, size_t columns, const double *sums, const double *squares, float epsilon, float *means, float *variances, float *inverses) {
  kernels()->batch_norm_statistics(rows, columns, sums, squares, epsilon, means, variances, inverses);
}

void smoot_batch_norm_forward_f32(size_t rows, size_t columns, const float *x, const float *means, const float *inverses, const float *scale, const float *shift, float *y) {
  kernels()->batch_norm_forward(rows, columns, x, means, inverses, scale, shift, y);
}

void smoot_batch_norm_relu_forward_f32(size_t rows, size_t columns, const float *x, const float *means, const float *inverses, const float *scale, const float *shift, const float *addend, float *y) {
  kernels()->batch_norm_relu_forward(rows, columns, x, means, inverses, scale, shift, addend, y);
}

void smoot_batch_norm_backward_sums_f32(size_t rows, size_t columns, const float *x, const float *means, const float *inverses, const float *scale, const float *shift, const float *dy, double *sums, double *products) {
  kernels()->batch_norm_backward_sums(rows, columns, x, means, inverses, scale, shift, dy, sums, products);
}

void smoot_scaled_relu_backward_f32(size_t rows, size_t columns, const float *y, const float *scale, const float *dy, float *daddend, float *dx) {
  kernels()->scaled_relu_backward(rows, columns, y, scale, dy, daddend, dx);
}

void smoot_batch_norm_backward_f32(size_t rows, size_t columns, size_t batch_rows, const float *x, const float *means, const float *inverses, const float *scale, const float *shift, const float *dy, const double *sums, const double *products, float *dx) {
  kernels()->batch_norm_backward(rows, columns, batch_rows, x, means, inverses, scale, shift, dy, sums, products, dx);
}
