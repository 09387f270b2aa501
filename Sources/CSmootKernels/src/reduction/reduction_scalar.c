#include "reduction_variants.h"

#define NAME(name) smoot_reduction_##name##__scalar
#include "reduction.inc"
