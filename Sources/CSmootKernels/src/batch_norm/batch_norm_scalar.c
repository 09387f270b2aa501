#include "batch_norm_variants.h"

// Four lanes are what every processor's basic instruction set has, or what the compiler takes apart.
#define SMOOT_LANES 4
#define NAME(name) smoot_batch_norm_##name##__scalar
#include "batch_norm.inc"

#define OF_PAIRS
#define NAME(name) smoot_batch_norm_##name##_bfloat16__scalar
#include "batch_norm.inc"
