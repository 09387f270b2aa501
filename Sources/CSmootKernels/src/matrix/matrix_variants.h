// What each instruction set provides for matrix products.
#ifndef SMOOT_MATRIX_VARIANTS_H
#define SMOOT_MATRIX_VARIANTS_H

#include "../simd.h"
#include "smoot_matrix.h"

typedef void (*smoot_packed_product)(size_t rows, size_t columns, size_t depth, size_t first, size_t last, float alpha,
                                     const float *a, size_t row_stride, size_t depth_stride, const float *packed,
                                     float beta, float *c, size_t c_stride);

void smoot_packed_product__scalar(size_t, size_t, size_t, size_t, size_t, float, const float *, size_t, size_t,
                                  const float *, float, float *, size_t);
#if defined(__x86_64__)
void smoot_packed_product__avx2(size_t, size_t, size_t, size_t, size_t, float, const float *, size_t, size_t,
                                const float *, float, float *, size_t);
void smoot_packed_product__avx512(size_t, size_t, size_t, size_t, size_t, float, const float *, size_t, size_t,
                                  const float *, float, float *, size_t);
#endif

#endif
