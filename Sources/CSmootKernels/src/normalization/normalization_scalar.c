#include "normalization_variants.h"

#define NAME(name) smoot_normalization_##name##__scalar
#include "normalization.inc"
