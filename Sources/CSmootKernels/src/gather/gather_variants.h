// What each instruction set provides for products with a gathered factor.
#ifndef SMOOT_GATHER_VARIANTS_H
#define SMOOT_GATHER_VARIANTS_H

#include "../epilogue.h"
#include "../simd.h"
#include "smoot_gather.h"
#include "smoot_matrix.h"

/// Rows of a tile.
#define SMOOT_GATHER_GROUP 6

/// The kernels for one kind of number. Two bfloat16 that are neighbours along the depth are one element; a float is one by itself.
typedef struct smoot_gather_kernels {
  void (*product)(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns, const void *packed,
                  const smoot_epilogue *epilogue, const size_t *targets, float *c);
  /// Columns of b in groups [group][element of the rows][column of the group].
  void (*pack_groups)(size_t rows, size_t columns, const void *b, size_t stride, void *packed);
  /// Neighbours in each row of a, [element of the rows][columns rounded up to sixteen].
  void (*pack_panel)(const size_t *places, size_t rows, const void *from, size_t columns, void *packed);
  /// transposed [columns][width] (+)= the product of b, packed in groups, and a part of a, packed in a panel; the width is a multiple of 16.
  void (*gradient)(size_t columns, size_t width, size_t rows, const void *groups, const void *panel, int adds,
                   size_t stride, float *transposed);
  /// c [rows][columns] = the transpose of left [depth][rows] times right [depth][columns], whose rows are filled up to a multiple of 16.
  void (*outer_product)(size_t depth, size_t rows, size_t columns, const void *left, size_t left_stride, const void *right, size_t right_stride, size_t stride,
                        float *c);
} smoot_gather_kernels;

extern const smoot_gather_kernels smoot_gather_kernels__scalar, smoot_gather_kernels_bfloat16__scalar;
#if defined(__x86_64__)
extern const smoot_gather_kernels smoot_gather_kernels__avx2, smoot_gather_kernels_bfloat16__avx2,
    smoot_gather_kernels__avx512, smoot_gather_kernels_bfloat16__avx512, smoot_gather_kernels_bfloat16__avx512bf16;
#endif

#endif
