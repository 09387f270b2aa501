#include "pointwise_variants.h"

#if defined(__x86_64__)
#define NAME(name) smoot_pointwise_##name##__avx512

SMOOT_TARGET_AVX512
#include "pointwise.inc"
SMOOT_TARGET_END
#endif
