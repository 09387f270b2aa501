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
  /// The transpose of rows `first` to `last` of c; `transposed` is the place of row `first`, and is added to if `adds` is not 0. The columns of b are packed in groups
  /// [group][row][column of the group].
  void (*gradient)(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first, size_t last,
                   size_t columns, const float (*packed)[SMOOT_GATHER_GROUP], int adds, size_t stride,
                   float *transposed);
} smoot_gather_kernels;

extern const smoot_gather_kernels smoot_gather_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_gather_kernels smoot_gather_kernels__avx2, smoot_gather_kernels__avx512;
#endif

#endif
