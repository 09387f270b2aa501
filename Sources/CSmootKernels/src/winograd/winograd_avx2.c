#include "winograd_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 8
#define TILE_VECTORS 2

SMOOT_TARGET_AVX2
#define NAME(name) smoot_winograd_##name##__avx2
#include "winograd.inc"

#define OF_PAIRS
#define NAME(name) smoot_winograd_##name##_bfloat16__avx2
#include "winograd.inc"
SMOOT_TARGET_END
#endif
