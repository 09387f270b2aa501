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

int smoot_gathered_gradient_f32(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first, size_t last,
                                size_t columns, const float *b, size_t stride, float *c) {
  enum {
    PIECE = SMOOT_GATHER_PIECE,
    GROUPS = BLOCK_ROWS * PIECE,
    PANEL = BLOCK_ROWS * SMOOT_PANEL_COLUMNS,
    STRIDE = PIECE + 16  // whole vectors may reach beyond the last element
  };
  float *scratch = smoot_scratch(GROUPS + PANEL + PIECE * STRIDE);
  if (scratch == NULL || columns > PIECE || last - first > PIECE) return -1;
  float(*groups)[SMOOT_GATHER_GROUP] = (float(*)[SMOOT_GATHER_GROUP])scratch;
  float *panel = scratch + GROUPS, *transposed = panel + PANEL;
  for (size_t i = start; i < end; i += BLOCK_ROWS) {
    size_t rows = end - i < BLOCK_ROWS ? end - i : BLOCK_ROWS;
    kernels()->pack_groups(rows, columns, b + i * stride, stride, groups);
    for (size_t l = first; l < last;) {
      size_t place = l % a->run_length, count = a->run_length - place;
      if (count > last - l) count = last - l;
      if (count > SMOOT_PANEL_COLUMNS) count = SMOOT_PANEL_COLUMNS;
      size_t width = (count + 15) / 16 * 16;
      kernels()->pack_panel(a->rows + i, rows, a->base + a->runs[l / a->run_length] + place, count, panel);
      kernels()->gradient(columns, width, rows, (const float(*)[SMOOT_GATHER_GROUP])groups, panel, i > start,
                          STRIDE, transposed + (l - first));
      l += count;
    }
  }
  smoot_transpose_f32(columns, last - first, transposed, STRIDE, c + first * stride, stride);
  return 0;
}
