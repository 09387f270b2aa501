// Memory of a thread for what a kernel packs.
#ifndef SMOOT_SCRATCH_H
#define SMOOT_SCRATCH_H

#include <stddef.h>

/// At least `count` floats, at most SMOOT_SCRATCH_COUNT, aligned to a cache line and the same ones at each call of a thread; or NULL when there is no memory left.
float *smoot_scratch(size_t count);

/// The most floats that a thread may ask for.
#define SMOOT_SCRATCH_COUNT (1 << 20)

#endif
