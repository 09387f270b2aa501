// What each instruction set provides for runs of floats.
#ifndef SMOOT_POINTWISE_VARIANTS_H
#define SMOOT_POINTWISE_VARIANTS_H

#include "../simd.h"
#include "smoot_pointwise.h"

typedef struct smoot_pointwise_kernels {
  void (*add)(size_t, const float *, float *);
  void (*add_scaled)(size_t, float, const float *, float *);
  void (*sum)(size_t, const float *, const float *, float *);
  void (*multiply)(size_t, const float *, const float *, float *);
  void (*relu_forward)(size_t, const float *, float *);
  void (*relu_backward)(size_t, const float *, const float *, float *);
  void (*larger)(size_t, int32_t, const float *, float *, int32_t *);
  void (*bias_add)(size_t, size_t, const float *, float *);
  void (*bias_relu)(size_t, size_t, const float *, float *);
  void (*column_sums)(size_t, size_t, const float *, float *);
  double (*sum_of_squares)(size_t, const float *);
  int (*is_finite)(size_t, const float *);
  void (*scale)(size_t, float, float *);
  void (*moving_average)(size_t, float, const float *, float *);
  void (*adadelta)(size_t, float, float, float, float, const float *, float *, float *, float *);
  void (*sgd)(size_t, float, float, int, int, float, const float *, float *, float *);
  void (*adamw)(size_t, float, float, float, float, float, float, float, const float *, float *, float *, float *);
  void (*uniform)(uint64_t, uint64_t, uint64_t, size_t, float *);
  void (*normal)(uint64_t, uint64_t, uint64_t, size_t, float *);
  void (*dropout)(uint64_t, uint64_t, uint64_t, size_t, float, const float *, float *);
} smoot_pointwise_kernels;

extern const smoot_pointwise_kernels smoot_pointwise_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_pointwise_kernels smoot_pointwise_kernels__avx2;
extern const smoot_pointwise_kernels smoot_pointwise_kernels__avx512;
#endif

#endif
