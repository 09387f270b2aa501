#include "matrix_variants.h"

#include "../scratch.h"
#include "smoot_blas.h"
#include "smoot_kernel_level.h"
#include "smoot_reduction.h"

/// The columns of the panel that begins at `panel`, with those of its padding.
static size_t panel_width(size_t columns, size_t panel) {
  size_t rest = columns - panel;
  return rest < SMOOT_PANEL_COLUMNS ? (rest + 15) / 16 * 16 : SMOOT_PANEL_COLUMNS;
}

size_t smoot_packed_count(size_t depth, size_t columns) { return depth * ((columns + 15) / 16 * 16); }

void smoot_pack_f32(size_t depth, size_t columns, size_t first, size_t last, const float *b, size_t row_stride,
                    size_t column_stride, float *packed) {
  for (size_t panel = first; panel < last; panel += SMOOT_PANEL_COLUMNS) {
    size_t width = panel_width(columns, panel);
    size_t count = columns - panel < width ? columns - panel : width;
    const float *from = b + panel * column_stride;
    float *to = packed + panel * depth;
    if (column_stride == 1) {
      for (size_t l = 0; l < depth; l++) memcpy(to + l * width, from + l * row_stride, count * sizeof *to);
    } else {
      smoot_transpose_f32(count, depth, from, column_stride, to, width);
    }
    for (size_t l = 0; count < width && l < depth; l++) {
      memset(to + l * width + count, 0, (width - count) * sizeof *to);
    }
  }
}

void smoot_packed_product_f32(size_t rows, size_t columns, size_t depth, size_t first, size_t last, float alpha,
                              const float *a, size_t row_stride, size_t depth_stride, const float *packed, float beta,
                              float *c, size_t c_stride) {
  smoot_packed_product product = smoot_packed_product__scalar;
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: product = smoot_packed_product__avx512; break;
    case SMOOT_KERNEL_AVX2: product = smoot_packed_product__avx2; break;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  product(rows, columns, depth, first, last, alpha, a, row_stride, depth_stride, packed, beta, c, c_stride);
}

/// Columns and depth of what is packed at a time by one thread.
enum { BLOCK = 512 };

/// The product in plain loops, which need no memory. Strides lead along and across the matrices.
static void plain_product(size_t m, size_t n, size_t k, float alpha, const float *a, size_t a_row, size_t a_column,
                          const float *b, size_t b_row, size_t b_column, float beta, float *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) {
      float sum = 0;
      for (size_t l = 0; l < k; l++) sum += a[i * a_row + l * a_column] * b[l * b_row + j * b_column];
      c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
    }
  }
}

void smoot_sgemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, float alpha, const float *a,
                 size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc) {
  if (m == 0 || n == 0) return;
  if (k > 0 && smoot_blas_is_preferred()) {
    smoot_blas_sgemm(transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  size_t a_row = transpose_a ? 1 : lda, a_column = transpose_a ? lda : 1;
  size_t b_row = transpose_b ? 1 : ldb, b_column = transpose_b ? ldb : 1;
  float *scratch = k == 0 ? NULL : smoot_scratch(BLOCK * BLOCK);
  if (scratch == NULL) {
    plain_product(m, n, k, alpha, a, a_row, a_column, b, b_row, b_column, beta, c, ldc);
    return;
  }
  for (size_t j = 0; j < n; j += BLOCK) {
    size_t columns = n - j < BLOCK ? n - j : BLOCK;
    for (size_t l = 0; l < k; l += BLOCK) {
      size_t depth = k - l < BLOCK ? k - l : BLOCK;
      smoot_pack_f32(depth, columns, 0, columns, b + l * b_row + j * b_column, b_row, b_column, scratch);
      smoot_packed_product_f32(m, columns, depth, 0, columns, alpha, a + l * a_column, a_row, a_column, scratch,
                               l == 0 ? beta : 1, c + j, ldc);
    }
  }
}
