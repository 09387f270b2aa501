#include "activation_variants.h"

#define NAME(name) smoot_activation_##name##__scalar
#include "activation.inc"
