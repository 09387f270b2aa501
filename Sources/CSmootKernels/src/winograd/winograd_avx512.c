#include "winograd_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define NAME(name) smoot_winograd_##name##__avx512

SMOOT_TARGET_AVX512
#include "winograd.inc"
SMOOT_TARGET_END
#endif
