// What the passes of Winograd's method share: the cut into tiles, and the kernels of the current level.
#ifndef SMOOT_WINOGRAD_TILES_H
#define SMOOT_WINOGRAD_TILES_H

#include "winograd_variants.h"

enum {
  TILE = SMOOT_WINOGRAD_TILE,
  PATCH = SMOOT_WINOGRAD_PATCH,
  POINTS = SMOOT_WINOGRAD_POINTS,
  PAD = SMOOT_WINOGRAD_PAD,
  PANEL = SMOOT_PANEL_COLUMNS,
  /// Tiles whose transforms lie in the cache together.
  CHUNK = 18,
  GRADIENT_CHUNK = 48,
  /// Input and output channels of a block of the weight gradient.
  BLOCK = 128,
  /// Fewer tasks than this leave threads idle.
  TASKS = 8,
  /// The most parts of a weight gradient.
  PARTS = 16,
  MOST_CHANNELS = 1024,
};

/// What lies around an image.
extern const float smoot_winograd_zeros[MOST_CHANNELS];

const smoot_winograd_kernels *smoot_winograd_kernels_f32(void);
const smoot_winograd_kernels *smoot_winograd_kernels_bfloat16(void);

/// The half of an element that number `index` along the depth goes to.
static inline smoot_winograd_place half(size_t index) { return index % 2 ? SMOOT_WINOGRAD_UPPER : SMOOT_WINOGRAD_LOWER; }

static inline size_t least(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t pieces(size_t count, size_t piece) { return (count + piece - 1) / piece; }
/// Where piece `index` of `count` begins in `extent`.
static inline size_t cut(size_t extent, size_t index, size_t count) { return index * extent / count; }

/// Tiles of an image along both axes, and of the batch.
typedef struct tiling {
  size_t rows, columns, count;
} tiling;

static inline tiling tiles_of(const smoot_winograd_shape *s) {
  size_t rows = pieces(s->height, TILE), columns = pieces(s->width, TILE);
  return (tiling){rows, columns, s->batch * rows * columns};
}

/// The pixels of a square of `extent` rows and columns at (row, column), which may lie beyond the image: `outside` there.
static inline void pixels_of(const smoot_winograd_shape *s, size_t channels, const float *image, ptrdiff_t row,
                      ptrdiff_t column, size_t extent, const float *outside, const float **pixels) {
  for (size_t i = 0; i < extent; i++) {
    size_t r = (size_t)(row + (ptrdiff_t)i);  // beyond every extent when negative
    for (size_t j = 0; j < extent; j++) {
      size_t c = (size_t)(column + (ptrdiff_t)j);
      *pixels++ = r < s->height && c < s->width ? image + (r * s->width + c) * channels : outside;
    }
  }
}

/// The pixels of the tile with a number; with a `border`, of the patch that it depends on.
static inline void pixels_of_tile(const smoot_winograd_shape *s, const tiling *tiles, size_t tile, size_t channels,
                           const float *x, size_t border, const float *outside, const float **pixels) {
  size_t place = tile % (tiles->rows * tiles->columns), image = tile / (tiles->rows * tiles->columns);
  pixels_of(s, channels, x + image * s->height * s->width * channels,
            (ptrdiff_t)(place / tiles->columns * TILE) - (ptrdiff_t)border,
            (ptrdiff_t)(place % tiles->columns * TILE) - (ptrdiff_t)border, TILE + 2 * border, outside, pixels);
}

#endif
