// Products of bfloat16 by AMX: registers of 16 rows of 64 bytes, which one instruction multiplies with one another.
//
// Products keep the contract of smoot_bfloat16.h; with tiles their sums have another order. What does not fill tiles is left to vectors.
#ifndef SMOOT_TILES_H
#define SMOOT_TILES_H

/// Who multiplies tiles.
typedef enum smoot_tiles {
  SMOOT_TILES_NONE = 0,      ///< Nobody: products are computed with vectors.
  SMOOT_TILES_NATIVE = 1,    ///< The processor.
  SMOOT_TILES_EMULATED = 2,  ///< Plain loops in its place, so that tests reach the code that cuts products into tiles on every processor with AVX-512 for bfloat16.
} smoot_tiles;

/// Who multiplies tiles now: the processor where it has AMX, the system grants its use, a first product is right, and `SMOOT_AMX` is not `0`; else nobody.
smoot_tiles smoot_tiles_current(void);
/// Changes that. Returns 0, or -1 without a change where this processor cannot do it.
int smoot_tiles_set(smoot_tiles tiles);
/// Why the processor multiplies tiles or does not, in a few words.
const char *smoot_tiles_reason(void);

#endif
