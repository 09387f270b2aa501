#include "winograd_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define TILE_VECTORS 4
#define SMOOT_NATIVE_BFLOAT16
#define OF_PAIRS

SMOOT_TARGET_AVX512_BFLOAT16
#define NAME(name) smoot_winograd_##name##_bfloat16__avx512bf16
#include "winograd.inc"
SMOOT_TARGET_END
#endif
