#include "winograd_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define TILE_VECTORS 4

SMOOT_TARGET_AVX512
#define NAME(name) smoot_winograd_##name##__avx512
#include "winograd.inc"

#define OF_PAIRS
#define NAME(name) smoot_winograd_##name##_bfloat16__avx512
#include "winograd.inc"
SMOOT_TARGET_END
#endif
