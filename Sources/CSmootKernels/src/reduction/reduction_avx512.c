#include "reduction_variants.h"

#if defined(__x86_64__)
#define NAME(name) smoot_reduction_##name##__avx512

SMOOT_TARGET_AVX512
#include "reduction.inc"
SMOOT_TARGET_END
#endif
