#include "bfloat16_variants.h"

#include <stdatomic.h>

#include "smoot_kernel_level.h"
#include "smoot_tiles.h"

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

void smoot_bfloat16_finish_rows(size_t rows, size_t columns, const float *x, const size_t *targets,
                                const smoot_bfloat16 *addend, int rectifies, smoot_bfloat16 *y) {
  kernels()->finish_rows(rows, columns, x, targets, addend, rectifies, y);
}

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
      smoot_bfloat16 below[SMOOT_PANEL_COLUMNS];
      for (size_t l = 0; l + 1 < depth; l += 2) {
        smoot_bfloat16_from_f32(count, b + l * row_stride + panel, rounded);
        smoot_bfloat16_from_f32(count, b + (l + 1) * row_stride + panel, below);
        smoot_bfloat16 *at = to + l * width;
        for (size_t j = 0; j < count; j++) {
          at[2 * j] = rounded[j];
          at[2 * j + 1] = below[j];
        }
      }
      continue;
    }
    // Block by block of the depth, so that what the columns write lies in the cache.
    for (size_t l = 0; l < depth; l += SMOOT_PANEL_COLUMNS) {
      size_t length = depth - l < SMOOT_PANEL_COLUMNS ? depth - l : SMOOT_PANEL_COLUMNS;
      for (size_t j = 0; j < count; j++) {
        const float *from = b + (panel + j) * column_stride + l * row_stride;
        float part[SMOOT_PANEL_COLUMNS];
        for (size_t k = 0; k < length; k++) part[k] = from[k * row_stride];
        smoot_bfloat16_from_f32(length, part, rounded);
        for (size_t k = 0; k < length; k += 2) {
          memcpy(to + (l + k) * width + 2 * j, rounded + k, 2 * sizeof *to);
        }
      }
    }
  }
}

double smoot_peak_bfloat16(size_t iterations, float *sink) {
#if defined(__x86_64__)
  if (smoot_tiles_current() == SMOOT_TILES_NATIVE) return smoot_tiles_peak(iterations, sink);
#endif
  return kernels()->peak(iterations, sink);
}
