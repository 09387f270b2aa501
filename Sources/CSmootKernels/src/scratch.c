#define _DEFAULT_SOURCE
#include "scratch.h"

#include <pthread.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_key(void) { pthread_key_create(&key, free); }

/// The alignment of huge pages: with small ones a kernel would wait for translations of addresses.
enum { HUGE_PAGE = 1 << 21 };

float *smoot_scratch(size_t count) {
  if (count > SMOOT_SCRATCH_COUNT) return NULL;
  pthread_once(&once, make_key);
  float *scratch = pthread_getspecific(key);
  if (scratch == NULL) {
    scratch = aligned_alloc(HUGE_PAGE, SMOOT_SCRATCH_COUNT * sizeof *scratch);
#if defined(__linux__)
    if (scratch != NULL) madvise(scratch, SMOOT_SCRATCH_COUNT * sizeof *scratch, MADV_HUGEPAGE);
#endif
    pthread_setspecific(key, scratch);
  }
  return scratch;
}
