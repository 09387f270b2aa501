#include "batch_norm_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16

SMOOT_TARGET_AVX512
#define NAME(name) smoot_batch_norm_##name##__avx512
#include "batch_norm.inc"

#define OF_PAIRS
#define NAME(name) smoot_batch_norm_##name##_bfloat16__avx512
#include "batch_norm.inc"
SMOOT_TARGET_END
#endif
