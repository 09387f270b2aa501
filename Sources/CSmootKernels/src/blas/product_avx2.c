#include "product_variants.h"
#include "smoot_reduction.h"

#if defined(__x86_64__)
#define SMOOT_LANES 8
#define TILE_ROWS 6
#define NAME(name) smoot_##name##__avx2

SMOOT_TARGET_AVX2
#include "product.inc"
SMOOT_TARGET_END
#endif
