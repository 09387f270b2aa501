#include "gather_variants.h"
#include "smoot_reduction.h"

#if defined(__x86_64__)
#define SMOOT_EMULATES_TILES
#include "../tiles/tiles.h"

#define SMOOT_LANES 16
#define TILE_VECTORS 4
#define SMOOT_NATIVE_BFLOAT16
#define SMOOT_HAS_TILES
#define OF_PAIRS

SMOOT_TARGET_AVX512_BFLOAT16
#define NAME(name) smoot_gather_##name##_bfloat16__emulated_tiles
#include "gather.inc"
SMOOT_TARGET_END
#endif
