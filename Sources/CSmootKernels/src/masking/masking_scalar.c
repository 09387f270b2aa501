#include "masking_variants.h"

#define NAME(name) smoot_masking_##name##__scalar
#include "masking.inc"
