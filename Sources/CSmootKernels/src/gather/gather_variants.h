// What each instruction set provides for products with a gathered factor.
#ifndef SMOOT_GATHER_VARIANTS_H
#define SMOOT_GATHER_VARIANTS_H

#include "../simd.h"
#include "smoot_gather.h"
#include "smoot_matrix.h"

/// Rows of a tile.
#define SMOOT_GATHER_GROUP 6

typedef struct smoot_gather_kernels {
  void (*product)(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns, const float *packed,
                  const float *bias, int rectifies, const size_t *targets, float *c);
  /// Columns of b in groups [group][row][column of the group].
  void (*pack_groups)(size_t rows, size_t columns, const float *b, size_t stride, float (*packed)[SMOOT_GATHER_GROUP]);
  /// Neighbours in each row of a, [row][columns rounded up to sixteen].
  void (*pack_panel)(const size_t *places, size_t rows, const float *from, size_t columns, float *packed);
  /// transposed [columns][width] (+)= the product of b, its columns packed in groups [group][row][column of the group], and a part of a, packed [row][width]; the width is a
  /// multiple of 16.
  void (*gradient)(size_t columns, size_t width, size_t count, const float (*groups)[SMOOT_GATHER_GROUP],
                   const float *panel, int adds, size_t stride, float *transposed);
} smoot_gather_kernels;

extern const smoot_gather_kernels smoot_gather_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_gather_kernels smoot_gather_kernels__avx2, smoot_gather_kernels__avx512;
#endif

#endif
