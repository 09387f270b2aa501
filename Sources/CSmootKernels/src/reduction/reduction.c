// Chooses the kernels of the current level.
#include "reduction_variants.h"
#include "smoot_kernel_level.h"

static const smoot_reduction_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_reduction_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_reduction_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_reduction_kernels__scalar;
}

void smoot_row_sums_f32(size_t rows, size_t columns, const float *x, float *sums) {
  kernels()->row_sums(rows, columns, x, sums);
}

void smoot_row_max_f32(size_t rows, size_t columns, const float *x, float *greatest) {
  kernels()->row_max(rows, columns, x, greatest);
}

void smoot_row_argmax_f32(size_t rows, size_t columns, const float *x, int32_t *indices) {
  kernels()->row_argmax(rows, columns, x, indices);
}

void smoot_row_top_f32(size_t rows, size_t columns, size_t n, const float *x, int32_t *indices) {
  kernels()->row_top(rows, columns, n, x, indices);
}

void smoot_transpose_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
  kernels()->transpose(rows, columns, x, x_stride, y, y_stride);
}

void smoot_gather_f32(const size_t *extents, const size_t *strides, const float *x, float *y) {
  kernels()->gather(extents, strides, x, y);
}
