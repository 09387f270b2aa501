#include "gather_variants.h"

#include "../scratch.h"
#include "smoot_bfloat16.h"
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

static const smoot_gather_kernels *kernels_bfloat16(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512:
      return smoot_bfloat16_is_native() ? &smoot_gather_kernels_bfloat16__avx512bf16
                                        : &smoot_gather_kernels_bfloat16__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_gather_kernels_bfloat16__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_gather_kernels_bfloat16__scalar;
}

void smoot_gathered_product_f32(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns,
                                const float *packed, const smoot_epilogue *epilogue, const size_t *targets,
                                float *c) {
  kernels()->product(a, first, last, columns, packed, epilogue, targets, c);
}

void smoot_gathered_product_bfloat16(const smoot_gathered_matrix *a, size_t first, size_t last, size_t columns,
                                     const smoot_bfloat16 *packed, const smoot_epilogue *epilogue,
                                     const size_t *targets, float *c) {
  kernels_bfloat16()->product(a, first, last, columns, packed, epilogue, targets, c);
}

// MARK: Gradient

/// Rows of b that are packed at a time: with what they are multiplied by they lie in the second-level cache.
enum { BLOCK_ROWS = 512 };

/// The gradient with numbers of `size` bytes.
static int gradient(const smoot_gather_kernels *kernels, size_t size, const smoot_gathered_matrix *a, size_t start,
                    size_t end, size_t first, size_t last, size_t columns, const void *b, size_t stride, float *c) {
  enum {
    PIECE = SMOOT_GATHER_PIECE,
    // Groups and panels may have a few columns more than the matrix.
    GROUPS = BLOCK_ROWS * PIECE,
    PANEL = BLOCK_ROWS * SMOOT_PANEL_COLUMNS,
    STRIDE = PIECE + 16  // whole vectors may reach beyond the last element
  };
  float *groups = smoot_scratch(GROUPS + PANEL + PIECE * STRIDE);
  if (groups == NULL || columns > PIECE || last - first > PIECE) return -1;
  float *panel = groups + GROUPS, *transposed = panel + PANEL;
  for (size_t i = start; i < end; i += BLOCK_ROWS) {
    size_t rows = end - i < BLOCK_ROWS ? end - i : BLOCK_ROWS;
    kernels->pack_groups(rows, columns, (const char *)b + i * stride * size, stride, groups);
    for (size_t l = first; l < last;) {
      size_t place = l % a->run_length, count = a->run_length - place;
      if (count > last - l) count = last - l;
      if (count > SMOOT_PANEL_COLUMNS) count = SMOOT_PANEL_COLUMNS;
      const char *from = (const char *)a->base + (a->runs[l / a->run_length] + place) * size;
      kernels->pack_panel(a->rows + i, rows, from, count, panel);
      kernels->gradient(columns, (count + 15) / 16 * 16, rows, groups, panel, i > start, STRIDE,
                        transposed + (l - first));
      l += count;
    }
  }
  smoot_transpose_f32(columns, last - first, transposed, STRIDE, c + first * stride, stride);
  return 0;
}

int smoot_gathered_gradient_f32(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first, size_t last,
                                size_t columns, const float *b, size_t stride, float *c) {
  return gradient(kernels(), sizeof *b, a, start, end, first, last, columns, b, stride, c);
}

int smoot_gathered_gradient_bfloat16(const smoot_gathered_matrix *a, size_t start, size_t end, size_t first,
                                     size_t last, size_t columns, const smoot_bfloat16 *b, size_t stride, float *c) {
  return gradient(kernels_bfloat16(), sizeof *b, a, start, end, first, last, columns, b, stride, c);
}

// MARK: Outer product

void smoot_panels_bfloat16(size_t rows, size_t columns, size_t panel, size_t depth, size_t first,
                           const smoot_bfloat16 *from, float *panels) {
  const smoot_gather_kernels *kernels = kernels_bfloat16();
  // A few whole rows at a time: they are read as they lie.
  enum { FEW = 16 };
  size_t places[FEW];
  for (size_t i = 0; i < rows; i += FEW) {
    size_t count = rows - i < FEW ? rows - i : FEW;
    for (size_t row = 0; row < count; row++) places[row] = (i + row) * columns;
    for (size_t j = 0; j < columns; j += panel) {
      size_t left = columns - j, width = left < panel ? (left + 15) / 16 * 16 : panel;
      kernels->pack_panel(places, count, from + j, left < panel ? left : panel,
                          panels + j * depth + (first + i / 2) * width);
    }
  }
}

void smoot_outer_product_f32(size_t depth, size_t columns, size_t width, const float *left, size_t left_stride,
                             const float *right, size_t right_stride, size_t stride, float *c) {
  kernels()->outer_product(depth, columns, width, left, left_stride, right, right_stride, stride, c);
}

void smoot_outer_product_bfloat16(size_t depth, size_t columns, size_t width, const float *left, size_t left_stride,
                                  const float *right, size_t right_stride, size_t stride, float *c) {
  kernels_bfloat16()->outer_product(depth, columns, width, left, left_stride, right, right_stride, stride, c);
}
