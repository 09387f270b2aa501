// What each instruction set provides for functions of each element.
#ifndef SMOOT_ACTIVATION_VARIANTS_H
#define SMOOT_ACTIVATION_VARIANTS_H

#include "../simd.h"
#include "smoot_activation.h"

typedef struct smoot_activation_kernels {
  void (*exp)(size_t, const float *, float *);
  void (*log)(size_t, const float *, float *);
  void (*tanh_forward)(size_t, const float *, float *);
  void (*tanh_backward)(size_t, const float *, const float *, float *);
  void (*sigmoid_forward)(size_t, const float *, float *);
  void (*sigmoid_backward)(size_t, const float *, const float *, float *);
  void (*gelu_forward)(size_t, const float *, float *);
  void (*gelu_backward)(size_t, const float *, const float *, float *);
  void (*gelu_with_slope)(size_t, const float *, float *, float *);
  void (*slope_backward)(size_t, const float *, const float *, float *, float *);
  void (*slope_backward_bfloat16)(size_t, const smoot_bfloat16 *, const float *, float *, float *);
} smoot_activation_kernels;

extern const smoot_activation_kernels smoot_activation_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_activation_kernels smoot_activation_kernels__avx2;
extern const smoot_activation_kernels smoot_activation_kernels__avx512;
#endif

#endif
