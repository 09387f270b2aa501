#include "attention_variants.h"

#define SMOOT_LANES 4
#define NAME(name) smoot_attention_##name##__scalar
#include "attention.inc"

#define OF_PAIRS
#define NAME(name) smoot_attention_##name##_bfloat16__scalar
#include "attention.inc"
