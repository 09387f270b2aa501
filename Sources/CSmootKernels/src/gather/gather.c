#include "gather_variants.h"

#include "../scratch.h"
#include "smoot_kernel_level.h"
#include "smoot_reduction.h"

static const smoot_gather_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_gather_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_gather_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_gather_kernels__scalar;
}

void smoot_gathered_product_f32(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns,
                                const float *packed, const float *bias, int rectifies, const size_t *targets,
                                float *c) {
  kernels()->product(a, first, last, columns, packed, bias, rectifies, targets, c);
}

/// Rows of b that are packed at a time: with what they are multiplied by they lie in the second-level cache.
enum { BLOCK_ROWS = 512 };

/// Groups of neighbouring columns of b, each with all rows.
static void pack_groups(size_t rows, size_t columns, const float *b, size_t stride,
                        float (*packed)[SMOOT_GATHER_GROUP]) {
  // Some rows at a time, which stay in the cache while the groups pass by.
  enum { ROWS = 32 };
  for (size_t i = 0; i < rows; i += ROWS) {
    size_t end = rows - i < ROWS ? rows : i + ROWS;
    for (size_t j = 0; j < columns; j += SMOOT_GATHER_GROUP) {
      size_t count = columns - j < SMOOT_GATHER_GROUP ? columns - j : SMOOT_GATHER_GROUP;
      float(*to)[SMOOT_GATHER_GROUP] = packed + j / SMOOT_GATHER_GROUP * rows;
      for (size_t r = i; r < end; r++) {
        if (count == SMOOT_GATHER_GROUP) {
          memcpy(to[r], b + r * stride + j, sizeof *to);
        } else {
          memcpy(to[r], b + r * stride + j, count * sizeof **to);
        }
      }
    }
  }
}

int smoot_gathered_gradient_f32(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first, size_t last,
                                size_t columns, const float *b, size_t stride, float *c) {
  float *scratch = smoot_scratch((BLOCK_ROWS + SMOOT_GATHER_PIECE) * SMOOT_GATHER_PIECE);
  if (scratch == NULL || columns > SMOOT_GATHER_PIECE || last - first > SMOOT_GATHER_PIECE) return -1;
  float *transposed = scratch + BLOCK_ROWS * SMOOT_GATHER_PIECE;
  float(*packed)[SMOOT_GATHER_GROUP] = (float(*)[SMOOT_GATHER_GROUP])scratch;
  for (size_t i = start; i < end; i += BLOCK_ROWS) {
    size_t stop = end - i < BLOCK_ROWS ? end : i + BLOCK_ROWS;
    pack_groups(stop - i, columns, b + i * stride, stride, packed);
    kernels()->gradient(a, i, stop, first, last, columns, (const float(*)[SMOOT_GATHER_GROUP])packed, i > start,
                        SMOOT_GATHER_PIECE, transposed);
  }
  smoot_transpose_f32(columns, last - first, transposed, SMOOT_GATHER_PIECE, c + first * stride, stride);
  return 0;
}
