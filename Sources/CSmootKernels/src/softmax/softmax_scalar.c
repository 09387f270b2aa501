#include "softmax_variants.h"

#define NAME(name) smoot_softmax_##name##__scalar
#include "softmax.inc"
