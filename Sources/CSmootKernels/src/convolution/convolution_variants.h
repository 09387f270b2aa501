// What each instruction set provides for convolution.
#ifndef SMOOT_CONVOLUTION_VARIANTS_H
#define SMOOT_CONVOLUTION_VARIANTS_H

#include "../simd.h"
#include "smoot_convolution.h"

typedef struct smoot_convolution_kernels {
  size_t (*packed_count)(const smoot_convolution_shape *);
  void (*pack)(const smoot_convolution_shape *, const float *, float *);
  void (*forward)(const smoot_convolution_shape *, const float *, const float *, const float *,
                  smoot_convolution_epilogue, float *);
  void (*relu_maxpool_forward)(const smoot_convolution_shape *, const float *, const float *, const float *, float *,
                               uint8_t *, float *);
  void (*pool_rows)(size_t width, size_t channels, const float *, float *, uint8_t *);
  void (*weight_gradient)(const smoot_convolution_shape *, const float *, const float *, float *);
  size_t (*relu_maxpool_backward_scratch)(const smoot_convolution_shape *);
  void (*relu_maxpool_backward)(const smoot_convolution_shape *, const float *, const float *, const uint8_t *,
                                const float *, float *, float *, float *, void *);
  void (*relu_backward)(const smoot_convolution_shape *, const float *, const float *, const float *, float *, float *,
                        float *, float *);
  double (*peak)(size_t, float *);
} smoot_convolution_kernels;

extern const smoot_convolution_kernels smoot_convolution_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_convolution_kernels smoot_convolution_kernels__avx2;
extern const smoot_convolution_kernels smoot_convolution_kernels__avx512;
#endif

#endif
