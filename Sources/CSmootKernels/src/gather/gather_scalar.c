#include "gather_variants.h"

// Four lanes are what every processor's basic instruction set has, or what the compiler takes apart.
#define SMOOT_LANES 4
#if defined(__aarch64__)
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 2
#endif

#define NAME(name) smoot_gather_##name##__scalar
#include "gather.inc"

#define OF_PAIRS
#define NAME(name) smoot_gather_##name##_bfloat16__scalar
#include "gather.inc"
