#include "smoot_kernel_level.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"scalar", "avx2", "avx512"};
static _Atomic int current = -1;

const char *smoot_kernel_level_name(smoot_kernel_level level) { return names[level]; }

smoot_kernel_level smoot_kernel_level_supported(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return SMOOT_KERNEL_AVX512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return SMOOT_KERNEL_AVX2;
#endif
  return SMOOT_KERNEL_SCALAR;
}

/// The level that the environment names, or -1 when it names none, or one that does not exist.
static int level_in_environment(void) {
  const char *wanted = getenv("SMOOT_KERNELS");
  if (wanted == NULL) return -1;
  for (int level = 0; level < 3; level++) {
    if (strcmp(wanted, names[level]) == 0) return level;
  }
  return -1;
}

int smoot_kernel_level_environment_status(void) {
  const char *wanted = getenv("SMOOT_KERNELS");
  if (wanted == NULL || wanted[0] == '\0') return 0;
  int level = level_in_environment();
  return level >= 0 && level <= (int)smoot_kernel_level_supported() ? 0 : -1;
}

smoot_kernel_level smoot_kernel_level_current(void) {
  int level = atomic_load_explicit(&current, memory_order_relaxed);
  if (level < 0) {
    int supported = (int)smoot_kernel_level_supported();
    int wanted = level_in_environment();
    level = wanted >= 0 && wanted < supported ? wanted : supported;
    atomic_store_explicit(&current, level, memory_order_relaxed);
  }
  return (smoot_kernel_level)level;
}

int smoot_kernel_level_set(smoot_kernel_level level) {
  if ((int)level < 0 || level > smoot_kernel_level_supported()) return -1;
  atomic_store_explicit(&current, (int)level, memory_order_relaxed);
  return 0;
}
