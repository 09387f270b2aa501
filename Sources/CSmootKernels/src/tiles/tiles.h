// Eight tiles of 16 rows of 16 pairs of bfloat16, or of 16 sums. Four hold the sums of two by two tiles of a product, two its rows, two its columns.
//
// With SMOOT_EMULATES_TILES they are arrays; else registers of AMX.
#ifndef SMOOT_SOURCES_TILES_H
#define SMOOT_SOURCES_TILES_H

#include "../simd.h"

/// Rows of a tile, and pairs or sums in each.
#define SMOOT_TILE 16
/// Rows and columns of the sums that are computed at a time.
#define SMOOT_TILES_SIDE (2 * SMOOT_TILE)
/// The pairs along the depth that rows are put together of at a time.
#define SMOOT_TILES_DEPTH 512

#define SMOOT_TARGET_AMX                                                                              \
  SMOOT_PRAGMA(clang attribute push(                                                                  \
      __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"))), \
      apply_to = function))

#if defined(SMOOT_EMULATES_TILES)

typedef union emulated_tile {
  uint32_t pairs[SMOOT_TILE][SMOOT_TILE];
  float sums[SMOOT_TILE][SMOOT_TILE];
} emulated_tile;

static _Thread_local emulated_tile emulated_tiles[8];

static void emulated_load(emulated_tile *tile, const void *from, size_t stride) {
  for (size_t r = 0; r < SMOOT_TILE; r++) memcpy(tile->pairs[r], (const char *)from + r * stride, sizeof tile->pairs[r]);
}

static void emulated_store(const emulated_tile *tile, void *to, size_t stride) {
  for (size_t r = 0; r < SMOOT_TILE; r++) memcpy((char *)to + r * stride, tile->pairs[r], sizeof tile->pairs[r]);
}

static float emulated_number(uint32_t bits) {
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

/// Both products of each pair, added one after the other.
static void emulated_dot(emulated_tile *sums, const emulated_tile *left, const emulated_tile *right) {
  for (size_t r = 0; r < SMOOT_TILE; r++) {
    for (size_t l = 0; l < SMOOT_TILE; l++) {
      uint32_t a = left->pairs[r][l];
      for (size_t c = 0; c < SMOOT_TILE; c++) {
        uint32_t b = right->pairs[l][c];
        sums->sums[r][c] += emulated_number(a << 16) * emulated_number(b << 16);
        sums->sums[r][c] += emulated_number(a & 0xffff0000u) * emulated_number(b & 0xffff0000u);
      }
    }
  }
}

#define TILE_ZERO(tile) memset(&emulated_tiles[tile], 0, sizeof emulated_tiles[tile])
#define TILE_LOAD(tile, from, stride) emulated_load(&emulated_tiles[tile], from, stride)
#define TILE_STORE(tile, to, stride) emulated_store(&emulated_tiles[tile], to, stride)
#define TILE_DOT(sums, left, right) emulated_dot(&emulated_tiles[sums], &emulated_tiles[left], &emulated_tiles[right])
#define TILES_BEGIN() (void)0

#else

#define TILE_ZERO(tile) _tile_zero(tile)
#define TILE_LOAD(tile, from, stride) _tile_loadd(tile, from, stride)
#define TILE_STORE(tile, to, stride) _tile_stored(tile, to, stride)
#define TILE_DOT(sums, left, right) _tile_dpbf16ps(sums, left, right)

/// The shapes of the tiles, which a thread tells its processor once.
typedef struct tile_shapes {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_shapes;

static _Thread_local int tiles_have_shapes;
#define TILES_BEGIN() \
  if (!tiles_have_shapes) begin_tiles()

#endif

#endif
