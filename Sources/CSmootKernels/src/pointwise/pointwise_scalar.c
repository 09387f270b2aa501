#include "pointwise_variants.h"

#define NAME(name) smoot_pointwise_##name##__scalar
#include "pointwise.inc"
