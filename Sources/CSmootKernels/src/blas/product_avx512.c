#include "product_variants.h"
#include "smoot_reduction.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define TILE_ROWS 12
#define NAME(name) smoot_##name##__avx512

SMOOT_TARGET_AVX512
#include "product.inc"
SMOOT_TARGET_END
#endif
