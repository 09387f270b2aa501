// What each instruction set provides for products with a gathered factor.
#ifndef SMOOT_GATHER_VARIANTS_H
#define SMOOT_GATHER_VARIANTS_H

#include "../epilogue.h"
#include "../simd.h"
#include "smoot_gather.h"
#include "smoot_matrix.h"

/// The kernels for one kind of number. Two bfloat16 that are neighbours along the depth are one element; a float is one by itself.
typedef struct smoot_gather_kernels {
  /// The numbers of an element.
  size_t numbers;
  void (*product)(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns, const void *packed,
                  const smoot_epilogue *epilogue, const size_t *targets, float *c);
  /// Neighbours in some rows, [element of the rows][columns rounded up to sixteen].
  void (*pack_panel)(const size_t *places, size_t rows, const void *from, size_t columns, void *packed);
  /// c [rows][columns] (+)= the transpose of left [depth][rows] times right [depth][columns], whose rows are filled up to a multiple of 16. The rows of `left` lie at `places`, or
  /// `left_stride` apart where that is NULL.
  void (*outer_product)(size_t depth, size_t rows, size_t columns, const void *left, const size_t *places,
                        size_t left_stride, const void *right, size_t right_stride, int adds, size_t stride, float *c);
} smoot_gather_kernels;

extern const smoot_gather_kernels smoot_gather_kernels__scalar, smoot_gather_kernels_bfloat16__scalar;
#if defined(__x86_64__)
extern const smoot_gather_kernels smoot_gather_kernels__avx2, smoot_gather_kernels_bfloat16__avx2,
    smoot_gather_kernels__avx512, smoot_gather_kernels_bfloat16__avx512, smoot_gather_kernels_bfloat16__avx512bf16,
    smoot_gather_kernels_bfloat16__amx, smoot_gather_kernels_bfloat16__emulated_tiles;
#endif

#endif
