// Matrix products by a BLAS library that is loaded at run time, for processors that smoot's own kernels do not cover and for comparison.
#ifndef SMOOT_BLAS_H
#define SMOOT_BLAS_H

#include <stddef.h>

/// What was loaded.
typedef struct smoot_blas_status {
  int is_loaded;            ///< 1 with a library, 0 without
  char path[512];           ///< the library's file, as it was asked for
  char core[64];            ///< the processor whose kernels OpenBLAS uses; empty with another library
  char configuration[256];  ///< OpenBLAS' own description of how it was built
  char message[512];        ///< why nothing was loaded
} smoot_blas_status;

/// Loads the library on first use: the file that `SMOOT_BLAS` names (`auto` for the first that is found, `none` for no library), else OpenBLAS, else any CBLAS.
///
/// OpenBLAS chooses its kernels while it is being loaded, and older versions fall back to SSE3 on processors they do not know. So `OPENBLAS_CORETYPE` is set first, unless it is
/// set already; and one thread, because smoot runs products in parallel itself.
const smoot_blas_status *smoot_blas_load(void);

/// Whether products are left to the library: when `SMOOT_BLAS` names one, or when the kernels are those for any processor and there is one.
int smoot_blas_is_preferred(void);

/// `smoot_sgemm` by the library, which is loaded.
void smoot_blas_sgemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, float alpha, const float *a,
                      size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc);

#endif
