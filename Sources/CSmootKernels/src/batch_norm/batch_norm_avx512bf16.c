#include "batch_norm_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define SMOOT_NATIVE_BFLOAT16
#define OF_PAIRS

SMOOT_TARGET_AVX512_BFLOAT16
#define NAME(name) smoot_batch_norm_##name##_bfloat16__avx512bf16
#include "batch_norm.inc"
SMOOT_TARGET_END
#endif
