#include "activation_variants.h"

#if defined(__x86_64__)
#define NAME(name) smoot_activation_##name##__avx512

SMOOT_TARGET_AVX512
#include "activation.inc"
SMOOT_TARGET_END
#endif
