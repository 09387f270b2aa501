#include "gather_variants.h"
#include "smoot_reduction.h"

#if defined(__x86_64__)
#include "../tiles/tiles.h"

#define SMOOT_LANES 16
#define TILE_VECTORS 4
#define SMOOT_NATIVE_BFLOAT16
#define SMOOT_HAS_TILES
#define OF_PAIRS

SMOOT_TARGET_AMX
#define NAME(name) smoot_gather_##name##_bfloat16__amx
#include "gather.inc"
SMOOT_TARGET_END
#endif
