// Products of matrices. Element (i, j) of c is a sum over the depth in one fixed order, whichever part of c a call computes.
#ifndef SMOOT_MATRIX_H
#define SMOOT_MATRIX_H

#include <stddef.h>

/// Columns of a panel of a packed matrix.
#define SMOOT_PANEL_COLUMNS 64

/// The floats of a packed matrix [depth][columns].
size_t smoot_packed_count(size_t depth, size_t columns);
/// packed = columns `first` to `last` of b, in panels of 64 columns (the last one of as many sixteens as it takes, the rest zeros), each panel [depth][columns]. Element (l, j)
/// of b is at l `row_stride` + j `column_stride`, and one of the strides is 1. `first` is a multiple of 64, and `packed` the place of the whole matrix.
void smoot_pack_f32(size_t depth, size_t columns, size_t first, size_t last, const float *b, size_t row_stride,
                    size_t column_stride, float *packed);
/// c [rows][columns `first` to `last`] = alpha a b + beta c, with b packed; `c` is the place of column 0. Element (i, l) of a is at i `row_stride` + l `depth_stride`. `first`
/// is a multiple of 64.
void smoot_packed_product_f32(size_t rows, size_t columns, size_t depth, size_t first, size_t last, float alpha,
                              const float *a, size_t row_stride, size_t depth_stride, const float *packed, float beta,
                              float *c, size_t c_stride);
/// c [m][n] = alpha op(a) op(b) + beta c, row-major; op transposes where the flag is not 0. `lda`, `ldb`, `ldc` are the floats from one row to the next. By the library where
/// one is preferred (`smoot_blas.h`).
void smoot_sgemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, float alpha, const float *a,
                 size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc);

#endif
