// What each instruction set provides for bfloat16.
#ifndef SMOOT_BFLOAT16_VARIANTS_H
#define SMOOT_BFLOAT16_VARIANTS_H

#include "../simd.h"
#include "smoot_bfloat16.h"
#include "smoot_gather.h"
#include "smoot_matrix.h"

/// Rows of a tile.
#define SMOOT_BFLOAT16_GROUP 6

typedef struct smoot_bfloat16_kernels {
  void (*from_f32)(size_t count, const float *x, smoot_bfloat16 *y);
  void (*to_f32)(size_t count, const smoot_bfloat16 *x, float *y);
  void (*product)(const smoot_bfloat16_matrix *a, size_t first, size_t last, size_t columns,
                  const smoot_bfloat16 *packed, const float *bias, int rectifies, const size_t *targets, float *c);
  /// Pairs of rows of b, their columns in groups [group][pair][column of the group]; the last pair's second row may be missing.
  void (*pack_groups)(size_t rows, size_t columns, const smoot_bfloat16 *b, size_t stride, uint32_t *packed);
  /// Pairs of rows, each at its place, [pair][columns rounded up to sixteen].
  void (*pack_panel)(const size_t *places, size_t rows, const smoot_bfloat16 *from, size_t columns, uint32_t *packed);
  /// sums [group rows][columns] (+)= left right, with `depth` pairs packed [depth][group] and [depth][columns].
  void (*packed_tiles)(size_t rows, size_t columns, size_t depth, const uint32_t *left, const uint32_t *right,
                       int adds, size_t stride, float *sums);
  double (*peak)(size_t iterations, float *sink);
} smoot_bfloat16_kernels;

extern const smoot_bfloat16_kernels smoot_bfloat16_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_bfloat16_kernels smoot_bfloat16_kernels__avx2, smoot_bfloat16_kernels__avx512,
    smoot_bfloat16_kernels__avx512bf16;
#endif

#endif
