// Matrix products whose left factor is gathered from memory instead of written down: a convolution reads the pixels under its kernel where they lie in the images.
//
// Each sum has one fixed order, whichever part of the result a call computes. The `_bfloat16` functions follow the contract of smoot_bfloat16.h.
#ifndef SMOOT_GATHER_H
#define SMOOT_GATHER_H

#include <stddef.h>
#include <stdint.h>

#include "smoot_bfloat16.h"
#include "smoot_epilogue.h"

/// A matrix whose element (i, l) is at base[rows[i] + runs[l / run_length] + l % run_length].
typedef struct smoot_gathered_matrix {
  /// Floats, or smoot_bfloat16 for the functions of that name.
  const void *base;
  /// Where each row begins.
  const size_t *rows;
  /// Where the runs of neighbours of every row begin, counted from the beginning of the row.
  const size_t *runs;
  /// The rows of b with which the runs are multiplied begin there, and b has so many rows in all; all even for the `_bfloat16` functions. Gradients read neither.
  const size_t *factors;
  size_t factor_count;
  size_t run_count;
  /// At most SMOOT_RUN_LENGTH; even for the `_bfloat16` functions.
  size_t run_length;
} smoot_gathered_matrix;

/// The most neighbours of a run.
#define SMOOT_RUN_LENGTH 1024

/// c, rows `first` to `last` = a times the rows of b that belong to the runs, with b packed [factor_count][columns] (smoot_pack_f32, smoot_bfloat16_pack). Row i of c is at c[targets[i]], and so is what an
/// epilogue adds to it.
void smoot_gathered_product_f32(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns,
                                const float *packed, const smoot_epilogue *epilogue, const size_t *targets, float *c);
void smoot_gathered_product_bfloat16(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns,
                                     const smoot_bfloat16 *packed, const smoot_epilogue *epilogue,
                                     const size_t *targets, float *c);

/// The most rows and columns that the gradient computes in one call.
#define SMOOT_GATHER_PIECE 192
/// c [run_count run_length][columns], its rows `first` to `last` and some of its columns = the transpose of rows `start` to `end` of a, times the same rows of b. `b` and `c` are
/// the places of the first of these columns, `stride` the numbers from one row of b or c to the next. Returns 0, or -1 when there is no memory left or the piece is too large.
int smoot_gathered_gradient_f32(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first, size_t last,
                                size_t columns, const float *b, size_t stride, float *c);
int smoot_gathered_gradient_bfloat16(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first,
                                     size_t last, size_t columns, const smoot_bfloat16 *b, size_t stride, float *c);
/// The columns of the left and of the right factor that an outer product takes at a time.
#define SMOOT_OUTER_LEFT 96
#define SMOOT_OUTER_RIGHT 64
/// Writes rows [rows][columns] as elements `first` and on of panels of `panel` columns (the last panel of as many sixteens as it takes, the rest zeros), each panel [depth][columns]:
/// an element is two neighbours of a column in the place of a float, and behind an odd number of rows comes a row of zeros. `panels` is the place of the whole matrix.
void smoot_panels_bfloat16(size_t rows, size_t columns, size_t panel, size_t depth, size_t first,
                           const smoot_bfloat16 *from, float *panels);
/// c [columns][width] = the transpose of some columns of a left factor times some of a right one, both of `depth` rows (of pairs); strides lead from one row to the next. Up to
/// fifteen floats behind the rows of the right factor are read.
void smoot_outer_product_f32(size_t depth, size_t columns, size_t width, const float *left, size_t left_stride,
                             const float *right, size_t right_stride, size_t stride, float *c);
void smoot_outer_product_bfloat16(size_t depth, size_t columns, size_t width, const float *left, size_t left_stride,
                                  const float *right, size_t right_stride, size_t stride, float *c);

#endif
