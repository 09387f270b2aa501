// Whether the processor multiplies tiles: what it says of itself, what the system grants, and whether a first product is right.
#define _GNU_SOURCE  // syscall
#include "smoot_tiles.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "../gather/gather_variants.h"
#include "smoot_bfloat16.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

static _Atomic int current = SMOOT_TILES_NONE;
static const char *reason = "";
static int is_native;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#if defined(__x86_64__)

static int processor_has_amx(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return (d >> 22 & 1) && (d >> 24 & 1);  // AMX-BF16, AMX-TILE
}

/// Asks the system for room in which it keeps a thread's tiles while another one runs; it gives none unasked.
static int system_grants_tiles(void) {
#if defined(__linux__)
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
#else
  return 0;
#endif
}

/// A product of 32 rows and 64 numbers with 32 columns, by the processor's tiles and by emulated ones.
static int first_product_is_right(void) {
  enum { ROWS = 32, DEPTH = 64, COLUMNS = 32 };
  smoot_bfloat16 left[ROWS * DEPTH], right[DEPTH * COLUMNS];
  float numbers[ROWS * DEPTH], results[2][ROWS * COLUMNS];
  size_t rows[ROWS], targets[ROWS], zero = 0;
  for (size_t i = 0; i < ROWS * DEPTH; i++) numbers[i] = (float)((i * 37) % 101) / 50 - 1;
  smoot_bfloat16_from_f32(ROWS * DEPTH, numbers, left);
  smoot_bfloat16_pack(DEPTH, COLUMNS, 0, COLUMNS, numbers, COLUMNS, 1, right);
  for (size_t r = 0; r < ROWS; r++) rows[r] = r * DEPTH, targets[r] = r * COLUMNS;
  smoot_gathered_matrix a = {.base = left, .rows = rows, .runs = &zero, .factors = &zero, .factor_count = DEPTH, .run_count = 1, .run_length = DEPTH};
  smoot_epilogue none = {0};
  smoot_gather_kernels_bfloat16__amx.product(&a, 0, ROWS, COLUMNS, right, &none, targets, results[0]);
  smoot_gather_kernels_bfloat16__emulated_tiles.product(&a, 0, ROWS, COLUMNS, right, &none, targets, results[1]);
  for (size_t i = 0; i < ROWS * COLUMNS; i++) {
    float difference = results[0][i] - results[1][i];
    if (!(difference < 1e-4f && difference > -1e-4f)) return 0;
  }
  return 1;
}

#endif

static void find(void) {
#if defined(__x86_64__)
  const char *wanted = getenv("SMOOT_AMX");
  if (!processor_has_amx()) {
    reason = "not on this processor";
  } else if (wanted != NULL && wanted[0] == '0') {
    reason = "switched off by SMOOT_AMX";
  } else if (!smoot_bfloat16_is_native()) {
    reason = "switched off with the instructions for bfloat16";
  } else if (!system_grants_tiles()) {
    reason = "the operating system does not grant it";
  } else if (!first_product_is_right()) {
    reason = "a first product was wrong, so that it is not used";
  } else {
    reason = "used";
    is_native = 1;
    atomic_store_explicit(&current, SMOOT_TILES_NATIVE, memory_order_relaxed);
  }
#else
  reason = "not on this processor";
#endif
}

smoot_tiles smoot_tiles_current(void) {
  pthread_once(&once, find);
  smoot_tiles tiles = (smoot_tiles)atomic_load_explicit(&current, memory_order_relaxed);
  return tiles != SMOOT_TILES_NONE && smoot_bfloat16_is_native() ? tiles : SMOOT_TILES_NONE;
}

int smoot_tiles_set(smoot_tiles tiles) {
  pthread_once(&once, find);
  if (tiles == SMOOT_TILES_NATIVE && !is_native) return -1;
  if (tiles == SMOOT_TILES_EMULATED && !smoot_bfloat16_is_native()) return -1;
  atomic_store_explicit(&current, (int)tiles, memory_order_relaxed);
  return 0;
}

const char *smoot_tiles_reason(void) {
  pthread_once(&once, find);
  return reason;
}
