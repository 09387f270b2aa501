#include "gather_variants.h"

#include "../scratch.h"
#include "smoot_bfloat16.h"
#include "smoot_kernel_level.h"
#include "smoot_tiles.h"

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
      switch (smoot_tiles_current()) {
        case SMOOT_TILES_NATIVE: return &smoot_gather_kernels_bfloat16__amx;
        case SMOOT_TILES_EMULATED: return &smoot_gather_kernels_bfloat16__emulated_tiles;
        case SMOOT_TILES_NONE: break;
      }
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

/// Rows that are multiplied at a time: they lie in the second-level cache.
enum { BLOCK_ROWS = 512, LEFT = SMOOT_OUTER_LEFT, RIGHT = SMOOT_OUTER_RIGHT };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t sixteens(size_t count) { return (count + 15) / 16 * 16; }

/// The gradient with numbers of `size` bytes. Floats are read where they lie, unless their rows end within a vector; others are put in pairs first.
static int gradient(const smoot_gather_kernels *kernels, size_t size, const smoot_gathered_matrix *a, size_t start,
                    size_t end, size_t first, size_t last, size_t columns, const void *b, size_t stride, float *c) {
  float *rights = smoot_scratch(BLOCK_ROWS * (SMOOT_GATHER_PIECE + LEFT));
  if (rights == NULL || columns > SMOOT_GATHER_PIECE || last - first > SMOOT_GATHER_PIECE) return -1;
  float *panel = rights + BLOCK_ROWS * SMOOT_GATHER_PIECE;
  int pairs = kernels->numbers > 1, packs = pairs || columns % 16 != 0;
  for (size_t i = start; i < end; i += BLOCK_ROWS) {
    size_t rows = least(end - i, BLOCK_ROWS), depth = (rows + kernels->numbers - 1) / kernels->numbers;
    if (packs) {
      size_t places[BLOCK_ROWS];
      for (size_t row = 0; row < rows; row++) places[row] = (i + row) * stride;
      for (size_t j = 0; j < columns; j += RIGHT) {
        kernels->pack_panel(places, rows, (const char *)b + j * size, least(columns - j, RIGHT), rights + j * depth);
      }
    }
    for (size_t l = first, count; l < last; l += count) {
      size_t place = l % a->run_length;
      count = least(least(last - l, a->run_length - place), LEFT);
      const void *left = (const char *)a->base + (a->runs[l / a->run_length] + place) * size;
      if (pairs) kernels->pack_panel(a->rows + i, rows, left, count, panel);
      for (size_t j = 0; j < columns; j += RIGHT) {
        size_t width = least(columns - j, RIGHT);
        const float *right = packs ? rights + j * depth : (const float *)b + i * stride + j;
        kernels->outer_product(depth, count, width, pairs ? panel : left, pairs ? NULL : a->rows + i, sixteens(count),
                               right, packs ? sixteens(width) : stride, i > start, stride, c + l * stride + j);
      }
    }
  }
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
  kernels()->outer_product(depth, columns, width, left, NULL, left_stride, right, right_stride, 0, stride, c);
}

void smoot_outer_product_bfloat16(size_t depth, size_t columns, size_t width, const float *left, size_t left_stride,
                                  const float *right, size_t right_stride, size_t stride, float *c) {
  kernels_bfloat16()->outer_product(depth, columns, width, left, NULL, left_stride, right, right_stride, 0, stride, c);
}
