// What each instruction set provides for matrix products without a BLAS library.
#ifndef SMOOT_PRODUCT_VARIANTS_H
#define SMOOT_PRODUCT_VARIANTS_H

#include "../simd.h"

/// A matrix as it lies in memory: element (i, j) of the operand is at i `row_stride` + j `column_stride`, and one of the strides is 1.
typedef struct smoot_operand {
  const float *elements;
  size_t row_stride, column_stride;
} smoot_operand;

/// Floats that `scratch` holds at least, for every instruction set; on a boundary of 64 bytes.
#define SMOOT_PRODUCT_SCRATCH ((size_t)(96 + 512) * 256)

/// c [m][n] = alpha a b + beta c. The sum over k has an order that depends on k alone.
typedef void (*smoot_product)(size_t m, size_t n, size_t k, float alpha, smoot_operand a, smoot_operand b, float beta,
                              float *c, size_t ldc, float *scratch);

void smoot_product__scalar(size_t, size_t, size_t, float, smoot_operand, smoot_operand, float, float *, size_t, float *);
#if defined(__x86_64__)
void smoot_product__avx2(size_t, size_t, size_t, float, smoot_operand, smoot_operand, float, float *, size_t, float *);
void smoot_product__avx512(size_t, size_t, size_t, float, smoot_operand, smoot_operand, float, float *, size_t, float *);
#endif

#endif
