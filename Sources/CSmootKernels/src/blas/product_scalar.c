#include "product_variants.h"
#include "smoot_reduction.h"

// Four lanes are what every processor's basic instruction set has, or what the compiler takes apart.
#define SMOOT_LANES 4
#define TILE_ROWS 4
#define NAME(name) smoot_##name##__scalar
#include "product.inc"
