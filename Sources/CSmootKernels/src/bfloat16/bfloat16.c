#include "bfloat16_variants.h"

#include <stdatomic.h>

#include "../scratch.h"
#include "smoot_kernel_level.h"
#include "smoot_reduction.h"

static _Atomic int is_wanted = 1;

void smoot_bfloat16_set_native(int is_native) { atomic_store_explicit(&is_wanted, is_native, memory_order_relaxed); }

int smoot_bfloat16_is_native(void) {
#if defined(__x86_64__)
  return smoot_kernel_level_current() == SMOOT_KERNEL_AVX512 && atomic_load_explicit(&is_wanted, memory_order_relaxed) &&
         __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}

static const smoot_bfloat16_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512:
      return smoot_bfloat16_is_native() ? &smoot_bfloat16_kernels__avx512bf16 : &smoot_bfloat16_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_bfloat16_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_bfloat16_kernels__scalar;
}

void smoot_bfloat16_from_f32(size_t count, const float *x, smoot_bfloat16 *y) { kernels()->from_f32(count, x, y); }

void smoot_bfloat16_to_f32(size_t count, const smoot_bfloat16 *x, float *y) { kernels()->to_f32(count, x, y); }

size_t smoot_bfloat16_packed_count(size_t depth, size_t columns) { return depth * ((columns + 15) / 16 * 16); }

void smoot_bfloat16_pack(size_t depth, size_t columns, size_t first, size_t last, const float *b, size_t row_stride,
                         size_t column_stride, smoot_bfloat16 *packed) {
  for (size_t panel = first; panel < last; panel += SMOOT_PANEL_COLUMNS) {
    size_t left = columns - panel, count = left < SMOOT_PANEL_COLUMNS ? left : SMOOT_PANEL_COLUMNS;
    size_t width = (count + 15) / 16 * 16;
    smoot_bfloat16 *to = packed + panel * depth;
    memset(to, 0, depth * width * sizeof *to);
    // Each row or column at once, whichever lies along memory.
    smoot_bfloat16 rounded[SMOOT_PANEL_COLUMNS];
    if (column_stride == 1) {
      for (size_t l = 0; l < depth; l++) {
        smoot_bfloat16_from_f32(count, b + l * row_stride + panel, rounded);
        smoot_bfloat16 *at = to + l / 2 * 2 * width + l % 2;
        for (size_t j = 0; j < count; j++) at[2 * j] = rounded[j];
      }
      continue;
    }
    for (size_t j = 0; j < count; j++) {
      const float *from = b + (panel + j) * column_stride;
      for (size_t l = 0; l < depth; l += SMOOT_PANEL_COLUMNS) {
        size_t length = depth - l < SMOOT_PANEL_COLUMNS ? depth - l : SMOOT_PANEL_COLUMNS;
        float part[SMOOT_PANEL_COLUMNS];
        for (size_t k = 0; k < length; k++) part[k] = from[(l + k) * row_stride];
        smoot_bfloat16_from_f32(length, part, rounded);
        for (size_t k = 0; k < length; k += 2) {
          memcpy(to + (l + k) * width + 2 * j, rounded + k, 2 * sizeof *to);
        }
      }
    }
  }
}

void smoot_bfloat16_product(const smoot_bfloat16_matrix *a, size_t first, size_t last, size_t columns,
                            const smoot_bfloat16 *packed, const float *bias, int rectifies, const size_t *targets,
                            float *c) {
  kernels()->product(a, first, last, columns, packed, bias, rectifies, targets, c);
}

// MARK: Gradient

/// Pairs of rows that are packed at a time.
enum { BLOCK_PAIRS = 256 };

int smoot_bfloat16_gradient(const smoot_bfloat16_matrix *a, size_t start, size_t end, size_t first, size_t last,
                            size_t columns, const smoot_bfloat16 *b, size_t stride, float *c) {
  enum {
    PIECE = SMOOT_GATHER_PIECE,
    GROUPS = BLOCK_PAIRS * PIECE,
    PANEL = BLOCK_PAIRS * SMOOT_PANEL_COLUMNS,
    STRIDE = PIECE + 16  // whole vectors may reach beyond the last element
  };
  float *scratch = smoot_scratch(GROUPS + PANEL + PIECE * STRIDE);
  if (scratch == NULL || columns > PIECE || last - first > PIECE) return -1;
  uint32_t *groups = (uint32_t *)scratch, *panel = groups + GROUPS;
  float *transposed = scratch + GROUPS + PANEL;
  for (size_t i = start; i < end; i += 2 * BLOCK_PAIRS) {
    size_t rows = end - i < 2 * BLOCK_PAIRS ? end - i : 2 * BLOCK_PAIRS, pairs = (rows + 1) / 2;
    kernels()->pack_groups(rows, columns, b + i * stride, stride, groups);
    for (size_t l = first; l < last;) {
      size_t place = l % a->run_length, count = a->run_length - place;
      if (count > last - l) count = last - l;
      if (count > SMOOT_PANEL_COLUMNS) count = SMOOT_PANEL_COLUMNS;
      kernels()->pack_panel(a->rows + i, rows, a->base + a->runs[l / a->run_length] + place, count, panel);
      for (size_t j = 0; j < columns; j += SMOOT_BFLOAT16_GROUP) {
        size_t group = columns - j < SMOOT_BFLOAT16_GROUP ? columns - j : SMOOT_BFLOAT16_GROUP;
        kernels()->packed_tiles(group, (count + 15) / 16 * 16, pairs, groups + j * pairs, panel, i > start, STRIDE,
                                transposed + j * STRIDE + (l - first));
      }
      l += count;
    }
  }
  smoot_transpose_f32(columns, last - first, transposed, STRIDE, c + first * stride, stride);
  return 0;
}

double smoot_peak_bfloat16(size_t iterations, float *sink) { return kernels()->peak(iterations, sink); }
