// Sums and greatest elements of rows, and transposes.
#ifndef SMOOT_REDUCTION_H
#define SMOOT_REDUCTION_H

#include <stddef.h>
#include <stdint.h>

/// sums [rows] = each row's sum, in 16 interleaved parts.
void smoot_row_sums_f32(size_t rows, size_t columns, const float *x, float *sums);
/// greatest [rows] = each row's greatest element, -infinity of an empty row. NaN is passed over.
void smoot_row_max_f32(size_t rows, size_t columns, const float *x, float *greatest);
/// indices [rows] = the first of the greatest elements of each row; a NaN counts as the greatest, as in PyTorch. `columns` is at least 1.
void smoot_row_argmax_f32(size_t rows, size_t columns, const float *x, int32_t *indices);
/// indices [rows][n] = the n greatest elements of each row, the greatest first and lower indices first among equals; NaN counts as the greatest. `n` is at most `columns`.
/// For short rows: the work is n columns.
void smoot_row_top_f32(size_t rows, size_t columns, size_t n, const float *x, int32_t *indices);
/// y [columns][rows] = x [rows][columns] transposed; `x_stride` and `y_stride` are the floats from one row to the next of either.
void smoot_transpose_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride);
/// y [extents] contiguous = x at the sum of index times stride over four axes: an axis permutation, a slice, or a repetition (stride 0).
void smoot_gather_f32(const size_t *extents, const size_t *strides, const float *x, float *y);

#endif
