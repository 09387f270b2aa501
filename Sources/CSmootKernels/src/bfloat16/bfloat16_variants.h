// What each instruction set provides for bfloat16.
#ifndef SMOOT_BFLOAT16_VARIANTS_H
#define SMOOT_BFLOAT16_VARIANTS_H

#include "../simd.h"
#include "smoot_bfloat16.h"
#include "smoot_matrix.h"

typedef struct smoot_bfloat16_kernels {
  void (*from_f32)(size_t count, const float *x, smoot_bfloat16 *y);
  void (*to_f32)(size_t count, const smoot_bfloat16 *x, float *y);
  void (*finish_rows)(size_t rows, size_t columns, const float *x, const size_t *targets, const smoot_bfloat16 *addend,
                      int rectifies, smoot_bfloat16 *y);
  double (*peak)(size_t iterations, float *sink);
} smoot_bfloat16_kernels;

extern const smoot_bfloat16_kernels smoot_bfloat16_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_bfloat16_kernels smoot_bfloat16_kernels__avx2, smoot_bfloat16_kernels__avx512,
    smoot_bfloat16_kernels__avx512bf16;

/// The loop on registers alone with the processor's tiles.
double smoot_tiles_peak(size_t iterations, float *sink);
#endif

#endif
