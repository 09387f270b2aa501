#include "winograd_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 8
#define NAME(name) smoot_winograd_##name##__avx2

SMOOT_TARGET_AVX2
#include "winograd.inc"
SMOOT_TARGET_END
#endif
