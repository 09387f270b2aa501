#include "gather_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define TILE_VECTORS 4

SMOOT_TARGET_AVX512
#define NAME(name) smoot_gather_##name##__avx512
#include "gather.inc"

#define OF_PAIRS
#define NAME(name) smoot_gather_##name##_bfloat16__avx512
#include "gather.inc"
SMOOT_TARGET_END
#endif
