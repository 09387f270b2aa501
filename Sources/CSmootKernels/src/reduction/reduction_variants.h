// What each instruction set provides for sums of rows and for transposes.
#ifndef SMOOT_REDUCTION_VARIANTS_H
#define SMOOT_REDUCTION_VARIANTS_H

#include "../simd.h"
#include "smoot_reduction.h"

typedef struct smoot_reduction_kernels {
  void (*row_sums)(size_t, size_t, const float *, float *);
  void (*row_max)(size_t, size_t, const float *, float *);
  void (*row_argmax)(size_t, size_t, const float *, int32_t *);
  void (*row_top)(size_t, size_t, size_t, const float *, int32_t *);
  void (*transpose)(size_t, size_t, const float *, size_t, float *, size_t);
  void (*gather)(const size_t *, const size_t *, const float *, float *);
} smoot_reduction_kernels;

extern const smoot_reduction_kernels smoot_reduction_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_reduction_kernels smoot_reduction_kernels__avx2;
extern const smoot_reduction_kernels smoot_reduction_kernels__avx512;
#endif

#endif
