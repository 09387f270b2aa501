#include "normalization_variants.h"

#if defined(__x86_64__)
#define NAME(name) smoot_normalization_##name##__avx512

SMOOT_TARGET_AVX512
#include "normalization.inc"
SMOOT_TARGET_END
#endif
