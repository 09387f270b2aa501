// Numbers of 16 bits (bfloat16: the upper half of a float) and matrix products of them with sums in float32.
//
// The contract of a product: its operands are rounded to the nearest bfloat16, ties to even; sums are float32 in one fixed order, and so is the result. Instruction sets differ in
// the order of the sums only, and in what they make of subnormal numbers.
#ifndef SMOOT_BFLOAT16_H
#define SMOOT_BFLOAT16_H

#include <stddef.h>
#include <stdint.h>

/// The bits of a bfloat16.
typedef uint16_t smoot_bfloat16;

/// y = x rounded to the nearest, ties to even; NaN stays NaN, what is too large becomes infinite.
void smoot_bfloat16_from_f32(size_t count, const float *x, smoot_bfloat16 *y);
/// y = x, exactly.
void smoot_bfloat16_to_f32(size_t count, const smoot_bfloat16 *x, float *y);

/// Whether products use the processor's instructions for bfloat16, or float32 arithmetic on the same rounded numbers.
int smoot_bfloat16_is_native(void);
/// Switches these instructions off (0) or on again (1), where the processor has them.
void smoot_bfloat16_set_native(int is_native);

/// The elements of a packed matrix [depth][columns].
size_t smoot_bfloat16_packed_count(size_t depth, size_t columns);
/// packed = columns `first` to `last` of b, rounded, in panels of SMOOT_PANEL_COLUMNS columns (the last one of as many sixteens as it takes, the rest zeros), each panel
/// [depth / 2][columns][2]. Element (l, j) of b is at l `row_stride` + j `column_stride`. `first` is a multiple of SMOOT_PANEL_COLUMNS, `packed` the place of the whole matrix, and
/// `depth` even.
void smoot_bfloat16_pack(size_t depth, size_t columns, size_t first, size_t last, const float *b, size_t row_stride,
                         size_t column_stride, smoot_bfloat16 *packed);

/// As smoot_gathered_matrix, of bfloat16; the run length is even.
typedef struct smoot_bfloat16_matrix {
  const smoot_bfloat16 *base;
  const size_t *rows;
  const size_t *runs;
  size_t run_count;
  size_t run_length;
} smoot_bfloat16_matrix;

/// c, rows `first` to `last` = a b, with b packed [run_count run_length][columns]. Row i of c is at c[targets[i]]. `bias` [columns] is added unless it is NULL; what is below zero then
/// becomes zero if `rectifies` is not 0.
void smoot_bfloat16_product(const smoot_bfloat16_matrix *a, size_t first, size_t last, size_t columns,
                            const smoot_bfloat16 *packed, const float *bias, int rectifies, const size_t *targets,
                            float *c);
/// c [run_count run_length][columns], its rows `first` to `last` and some of its columns = the transpose of rows `start` to `end` of a, times the same rows of b. `b` and `c` are
/// the places of the first of these columns, `stride` the elements from one row of b or c to the next. At most SMOOT_GATHER_PIECE rows and columns. Returns 0, or -1 when there is no
/// memory left or the piece is too large.
int smoot_bfloat16_gradient(const smoot_bfloat16_matrix *a, size_t start, size_t end, size_t first, size_t last,
                            size_t columns, const smoot_bfloat16 *b, size_t stride, float *c);

/// Runs a loop on registers alone and returns how many operations it did, two for each product that is added to a sum: what the processor can do at best.
double smoot_peak_bfloat16(size_t iterations, float *sink);

#endif
