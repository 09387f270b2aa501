#include "batch_norm_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 8

SMOOT_TARGET_AVX2
#define NAME(name) smoot_batch_norm_##name##__avx2
#include "batch_norm.inc"

#define OF_PAIRS
#define NAME(name) smoot_batch_norm_##name##_bfloat16__avx2
#include "batch_norm.inc"
SMOOT_TARGET_END
#endif
