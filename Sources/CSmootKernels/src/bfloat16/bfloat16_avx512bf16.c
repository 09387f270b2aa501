#include "bfloat16_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define SMOOT_NATIVE_BFLOAT16
#define NAME(name) smoot_bfloat16_##name##__avx512bf16

SMOOT_TARGET_AVX512_BFLOAT16
#include "bfloat16.inc"
SMOOT_TARGET_END
#endif
