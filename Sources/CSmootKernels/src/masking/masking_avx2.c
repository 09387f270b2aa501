#include "masking_variants.h"

#if defined(__x86_64__)
#define NAME(name) smoot_masking_##name##__avx2

SMOOT_TARGET_AVX2
#include "masking.inc"
SMOOT_TARGET_END
#endif
