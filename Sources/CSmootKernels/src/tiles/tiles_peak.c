// A loop on the processor's tiles alone.
#include <stddef.h>

#include "../bfloat16/bfloat16_variants.h"

#if defined(__x86_64__)
#include "tiles.h"

SMOOT_TARGET_AMX
#include "tiles.inc"

double smoot_tiles_peak(size_t iterations, float *sink) {
  float sums[SMOOT_TILES_SIDE * SMOOT_TILES_SIDE];
  TILES_BEGIN();
  TILE_ZERO(0);
  TILE_ZERO(1);
  TILE_ZERO(2);
  TILE_ZERO(3);
  TILE_ZERO(4);
  TILE_ZERO(5);
  TILE_ZERO(6);
  TILE_ZERO(7);
  for (size_t i = 0; i < iterations; i++) {
    TILE_DOT(0, 4, 6);
    TILE_DOT(1, 4, 7);
    TILE_DOT(2, 5, 6);
    TILE_DOT(3, 5, 7);
  }
  TILE_STORE(0, sums, SMOOT_TILES_SIDE * sizeof *sums);
  *sink += sums[0];
  return 4.0 * 4 * SMOOT_TILE * SMOOT_TILE * SMOOT_TILE * (double)iterations;
}
SMOOT_TARGET_END
#endif
