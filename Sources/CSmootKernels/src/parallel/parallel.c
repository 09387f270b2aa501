#define _GNU_SOURCE
#include "smoot_parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

enum { MOST_WORKERS = 255 };

/// How often a thread looks before it lets others run, and how often it lets others run before it sleeps: about 100 microseconds in all on an idle machine.
enum { LOOKS = 2000, YIELDS = 50 };

static struct {
  pthread_mutex_t owner;  ///< held by whoever has work for the threads
  pthread_mutex_t sleep;
  pthread_cond_t wake;
  size_t workers;              ///< threads that exist
  uint64_t first[MOST_WORKERS];  ///< the round that was over when each of them came
  atomic_uint_fast64_t round;  ///< the number of the round times 256, plus the workers that may take part in it: the first ones
  atomic_uint_fast64_t open;   ///< the same while a round has tasks, else 0
  atomic_size_t sleeping;      ///< workers that sleep, or are about to
  atomic_size_t inside;        ///< workers that are at a task, or are about to look whether there is one
  atomic_size_t next;          ///< the next task
  size_t count;
  void (*body)(void *, size_t);
  void *context;
} pool = {.owner = PTHREAD_MUTEX_INITIALIZER, .sleep = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static _Thread_local int is_inside;

int smoot_parallel_is_inside(void) { return is_inside; }

static void take_tasks(void) {
  size_t task;
  is_inside = 1;
  while ((task = atomic_fetch_add_explicit(&pool.next, 1, memory_order_relaxed)) < pool.count) {
    pool.body(pool.context, task);
  }
  is_inside = 0;
}

/// Returns when the round is no longer `seen`.
static uint64_t next_round(uint64_t seen) {
  uint64_t round;
  for (int i = 0; i < LOOKS + YIELDS; i++) {
    if ((round = atomic_load_explicit(&pool.round, memory_order_acquire)) != seen) return round;
    if (i < LOOKS) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  pthread_mutex_lock(&pool.sleep);
  atomic_fetch_add(&pool.sleeping, 1);
  while ((round = atomic_load(&pool.round)) == seen) pthread_cond_wait(&pool.wake, &pool.sleep);
  atomic_fetch_sub(&pool.sleeping, 1);
  pthread_mutex_unlock(&pool.sleep);
  return round;
}

static void *work(void *argument) {
  size_t number = (size_t)(uintptr_t)argument;
  uint64_t round = pool.first[number];
  for (;;) {
    round = next_round(round);
    if (number >= round % 256) continue;
    // Whoever gave the work waits for those inside, and for nobody who comes late.
    atomic_fetch_add(&pool.inside, 1);
    if (atomic_load(&pool.open) == round) take_tasks();
    atomic_fetch_sub_explicit(&pool.inside, 1, memory_order_release);
  }
  return NULL;
}

/// Makes threads until there are `wanted`; returns how many of them there are.
static size_t hire(size_t wanted) {
  if (wanted > MOST_WORKERS) wanted = MOST_WORKERS;
  while (pool.workers < wanted) {
    pthread_t thread;
    pool.first[pool.workers] = atomic_load(&pool.round);
    if (pthread_create(&thread, NULL, work, (void *)(uintptr_t)pool.workers) != 0) break;
    pthread_detach(thread);
    pool.workers++;
  }
  return pool.workers < wanted ? pool.workers : wanted;
}

int smoot_parallel_for(size_t count, size_t threads, void (*body)(void *context, size_t task), void *context) {
  if (threads < 2 || pthread_mutex_trylock(&pool.owner) != 0) return 0;
  size_t invited = hire(threads - 1);
  pool.count = count;
  pool.body = body;
  pool.context = context;
  atomic_store_explicit(&pool.next, 0, memory_order_relaxed);
  uint64_t round = (atomic_load(&pool.round) / 256 + 1) * 256 + invited;
  atomic_store(&pool.open, round);
  atomic_store(&pool.round, round);
  if (atomic_load(&pool.sleeping) > 0) {
    pthread_mutex_lock(&pool.sleep);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.sleep);
  }
  take_tasks();
  atomic_store(&pool.open, 0);
  for (int i = 0; atomic_load(&pool.inside) > 0; i++) {
    if (i < LOOKS) {
      pause_briefly();
    } else {
      sched_yield();
      i = LOOKS;
    }
  }
  pthread_mutex_unlock(&pool.owner);
  return 1;
}
