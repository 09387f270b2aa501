#include "bfloat16_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 8
#define TILE_VECTORS 2
#define NAME(name) smoot_##name##__avx2

SMOOT_TARGET_AVX2
#include "bfloat16.inc"
SMOOT_TARGET_END
#endif
