// What each instruction set provides for softmax.
#ifndef SMOOT_SOFTMAX_VARIANTS_H
#define SMOOT_SOFTMAX_VARIANTS_H

#include "../simd.h"
#include "smoot_softmax.h"

typedef struct smoot_softmax_kernels {
  void (*softmax_forward)(size_t, size_t, const float *, float *);
  void (*softmax_backward)(size_t, size_t, const float *, const float *, float *);
  void (*log_softmax_forward)(size_t, size_t, const float *, float *);
  void (*log_softmax_backward)(size_t, size_t, const float *, const float *, float *);
  void (*cross_entropy)(size_t, size_t, const float *, const int32_t *, float, float, float *, float *);
  void (*divergence)(smoot_divergence, size_t, size_t, const float *, const float *, float, float *, float *, float *);
} smoot_softmax_kernels;

extern const smoot_softmax_kernels smoot_softmax_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_softmax_kernels smoot_softmax_kernels__avx2;
extern const smoot_softmax_kernels smoot_softmax_kernels__avx512;
#endif

#endif
