// Numbers of 16 bits (bfloat16: the upper half of a float). Products of them are in smoot_gather.h and smoot_attention.h.
//
// The contract of these products: its operands are rounded to the nearest bfloat16, ties to even; sums are float32 in one fixed order, and so is the result. Instruction sets differ in
// the order of the sums only, and in what they make of subnormal numbers.
#ifndef SMOOT_BFLOAT16_H
#define SMOOT_BFLOAT16_H

#include <stddef.h>
#include <stdint.h>

/// The bits of a bfloat16.
typedef uint16_t smoot_bfloat16;

/// y = x rounded to the nearest, ties to even; NaN stays NaN, what is too large becomes infinite, and what is subnormal zero where the processor's instruction does it.
void smoot_bfloat16_from_f32(size_t count, const float *x, smoot_bfloat16 *y);
/// y = x, exactly.
void smoot_bfloat16_to_f32(size_t count, const smoot_bfloat16 *x, float *y);

/// Row i of x [rows][columns], plus `addend` at targets[i] unless that is NULL, then zero where that is below zero if `rectifies` is not 0, and rounded as above, at targets[i] of y.
void smoot_bfloat16_finish_rows(size_t rows, size_t columns, const float *x, const size_t *targets,
                                const smoot_bfloat16 *addend, int rectifies, smoot_bfloat16 *y);

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

/// Runs a loop on registers alone and returns how many operations it did, two for each product that is added to a sum: what the processor can do at best.
double smoot_peak_bfloat16(size_t iterations, float *sink);

#endif
