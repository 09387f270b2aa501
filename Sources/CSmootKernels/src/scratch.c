#include "scratch.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_key(void) { pthread_key_create(&key, free); }

float *smoot_scratch(size_t count) {
  if (count > SMOOT_SCRATCH_COUNT) return NULL;
  pthread_once(&once, make_key);
  float *scratch = pthread_getspecific(key);
  if (scratch == NULL) {
    scratch = aligned_alloc(64, sizeof(float) * SMOOT_SCRATCH_COUNT);
    pthread_setspecific(key, scratch);
  }
  return scratch;
}
