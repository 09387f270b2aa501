#define _GNU_SOURCE
#include "smoot_processors.h"

#if defined(__linux__)
#include <sched.h>
#endif

int smoot_processors_in_affinity_mask(void) {
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) return CPU_COUNT(&mask);
#endif
  return 0;
}
