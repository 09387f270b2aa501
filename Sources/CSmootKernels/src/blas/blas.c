#define _GNU_SOURCE
#include "smoot_blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smoot_kernel_level.h"

typedef void (*sgemm_function)(int, int, int, int, int, int, float, const float *, int, const float *, int, float,
                               float *, int);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static smoot_blas_status status;
static sgemm_function library_sgemm;

/// The OpenBLAS core for this processor, or NULL to let the library choose.
static const char *core_type(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_supported()) {
    // Up to Zen 4, AMD's AVX-512 units are 256 bits wide, and OpenBLAS' AVX2 kernels are faster: 97 to 112 against 71 to
    // 108 billion operations a second and core on a Zen 4, over the products of the paper CNN and squares.
    case SMOOT_KERNEL_AVX512:
      return __builtin_cpu_is("amd") && !__builtin_cpu_is("znver5") ? "Haswell" : "SkylakeX";
    case SMOOT_KERNEL_AVX2: return "Haswell";
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return NULL;
}

static void copy(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from ? from : ""); }

/// Loads `path`; returns 0 when it has what is needed.
static int load(const char *path) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    copy(status.message, sizeof status.message, dlerror());
    return -1;
  }
  library_sgemm = (sgemm_function)dlsym(handle, "cblas_sgemm");
  if (library_sgemm == NULL) {
    snprintf(status.message, sizeof status.message, "%s has no cblas_sgemm", path);
    dlclose(handle);
    return -1;
  }
  void (*set_threads)(int) = (void (*)(int))dlsym(handle, "openblas_set_num_threads");
  if (set_threads) set_threads(1);
  char *(*core)(void) = (char *(*)(void))dlsym(handle, "openblas_get_corename");
  char *(*configuration)(void) = (char *(*)(void))dlsym(handle, "openblas_get_config");
  if (core) copy(status.core, sizeof status.core, core());
  if (configuration) copy(status.configuration, sizeof status.configuration, configuration());
  copy(status.path, sizeof status.path, path);
  status.message[0] = '\0';
  status.is_loaded = 1;
  return 0;
}

static void load_once(void) {
  const char *wanted = getenv("SMOOT_BLAS");
  if (wanted && strcmp(wanted, "none") == 0) {
    copy(status.message, sizeof status.message, "SMOOT_BLAS=none");
    return;
  }
  const char *core = core_type();
  if (core) setenv("OPENBLAS_CORETYPE", core, 0);
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
  if (wanted && wanted[0] && strcmp(wanted, "auto") != 0) {
    load(wanted);
    return;
  }
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so", "libcblas.so.3", "libblas.so.3",
                                      "/System/Library/Frameworks/Accelerate.framework/Accelerate"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (load(names[i]) == 0) return;
  }
}

const smoot_blas_status *smoot_blas_load(void) {
  pthread_once(&once, load_once);
  return &status;
}

static pthread_once_t choice_once = PTHREAD_ONCE_INIT;
static int is_chosen;

static void read_choice(void) {
  const char *wanted = getenv("SMOOT_BLAS");
  is_chosen = wanted && wanted[0] && smoot_blas_load()->is_loaded;
}

int smoot_blas_is_preferred(void) {
  pthread_once(&choice_once, read_choice);
  if (is_chosen) return 1;
  return smoot_kernel_level_current() == SMOOT_KERNEL_SCALAR && smoot_blas_load()->is_loaded;
}

void smoot_blas_sgemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, float alpha, const float *a,
                      size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc) {
  const int row_major = 101, plain = 111, transposed = 112;
  library_sgemm(row_major, transpose_a ? transposed : plain, transpose_b ? transposed : plain, (int)m, (int)n, (int)k,
                alpha, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
}
