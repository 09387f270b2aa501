#include "winograd_variants.h"

// Four lanes are what every processor's basic instruction set has, or what the compiler takes apart.
#define SMOOT_LANES 4
#define TILE_VECTORS 2
#define NAME(name) smoot_winograd_##name##__scalar
#include "winograd.inc"

#define OF_PAIRS
#define NAME(name) smoot_winograd_##name##_bfloat16__scalar
#include "winograd.inc"
