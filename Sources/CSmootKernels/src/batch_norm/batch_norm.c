// Chooses the kernels of the current level.
#include "batch_norm_variants.h"
#include "smoot_bfloat16.h"
#include "smoot_kernel_level.h"

static const smoot_batch_norm_kernels *kernels(smoot_number kind) {
  int is_float = kind == SMOOT_FLOAT32;
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512:
      if (is_float) return &smoot_batch_norm_kernels__avx512;
      return smoot_bfloat16_is_native() ? &smoot_batch_norm_kernels_bfloat16__avx512bf16
                                        : &smoot_batch_norm_kernels_bfloat16__avx512;
    case SMOOT_KERNEL_AVX2:
      return is_float ? &smoot_batch_norm_kernels__avx2 : &smoot_batch_norm_kernels_bfloat16__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return is_float ? &smoot_batch_norm_kernels__scalar : &smoot_batch_norm_kernels_bfloat16__scalar;
}

void smoot_batch_norm_sums(smoot_number kind, size_t rows, size_t columns, const void *x, double *sums, double *squares) {
  kernels(kind)->sums(rows, columns, x, sums, squares);
}

void smoot_batch_norm_statistics(size_t rows, size_t columns, const double *sums, const double *squares, float epsilon, float *means, float *variances, float *inverses) {
  for (size_t c = 0; c < columns; c++) {
    double mean = sums[c] / (double)rows, variance = squares[c] / (double)rows - mean * mean;
    variance = variance < 0 ? 0 : variance;
    means[c] = (float)mean;
    variances[c] = (float)variance;
    inverses[c] = (float)(1 / __builtin_sqrt(variance + (double)epsilon));
  }
}

void smoot_batch_norm_forward(smoot_number kind, size_t rows, size_t columns, const void *x, const float *means, const float *inverses, const float *scale, const float *shift, const void *addend, int rectifies, void *y) {
  kernels(kind)->forward(rows, columns, x, means, inverses, scale, shift, addend, rectifies, y);
}

void smoot_batch_norm_backward_sums(smoot_number kind, size_t rows, size_t columns, const void *x, const float *means, const float *inverses, const float *scale, const float *shift, const void *y, const void *dy, void *opened, double *sums, double *products) {
  kernels(kind)->backward_sums(rows, columns, x, means, inverses, scale, shift, y, dy, opened, sums, products);
}

void smoot_batch_norm_backward(smoot_number kind, size_t rows, size_t columns, const void *x, const float *means, const float *inverses, const float *scale, const float *shift, const void *dy, const float *centers, const float *slopes, void *dx) {
  kernels(kind)->backward(rows, columns, x, means, inverses, scale, shift, dy, centers, slopes, dx);
}

void smoot_scaled_relu_backward(smoot_number kind, size_t rows, size_t columns, const void *y, const float *scale, const void *dy, void *daddend, void *dx) {
  kernels(kind)->scaled_relu_backward(rows, columns, y, scale, dy, daddend, dx);
}
