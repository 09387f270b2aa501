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
  /// Tiles are rows of the products, which are computed so many at a time.
  ROWS = 6,
  /// Tiles whose transforms lie in the cache together.
  CHUNK = 3 * ROWS,
  GRADIENT_CHUNK = 48,
  /// Input and output channels of a block of the weight gradient.
  BLOCK = 128,
  /// Fewer tasks than this leave threads idle.
  TASKS = 8,
  /// The most parts of a weight gradient.
  PARTS = 16,
  MOST_CHANNELS = 1024,
};

/// The transforms for one stride. A patch has `side` rows and columns, and so has its transform; its terms are summed at `points` x `points` points: term (i, j) at (i mod points, j mod
/// points).
typedef struct scheme {
  size_t side, points, tile_step;
  void (*weight)(size_t, const float *, ptrdiff_t, float *, size_t, smoot_winograd_place);
  void (*input)(size_t, const float *const *, float *, size_t, smoot_winograd_place);
  void (*output)(size_t, const float *, size_t, const smoot_epilogue *, const float *const *, float *const *);
} scheme;

static inline scheme scheme_of(const smoot_winograd_kernels *k, size_t stride) {
  if (stride == 2) {
    return (scheme){SMOOT_WINOGRAD_STRIDED_PATCH, SMOOT_WINOGRAD_STRIDED_SIDE, 2 * TILE, k->strided_weight,
                    k->strided_input, k->strided_output};
  }
  return (scheme){PATCH, PATCH, TILE, k->weight, k->input, k->output};
}

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

/// Images [batch][height][width][channels].
typedef struct plane {
  size_t height, width, channels;
} plane;

static inline plane input_plane(const smoot_winograd_shape *s) {
  return (plane){s->height, s->width, s->input_channels};
}

static inline plane output_plane(const smoot_winograd_shape *s) {
  size_t border = 2 * s->padding;
  return (plane){(s->height + border - 3) / s->stride + 1, (s->width + border - 3) / s->stride + 1,
                 s->output_channels};
}

/// Tiles of an image of the output along both axes, and of the batch.
typedef struct tiling {
  size_t rows, columns, count;
} tiling;

static inline tiling tiles_of(const smoot_winograd_shape *s) {
  plane output = output_plane(s);
  size_t rows = pieces(output.height, TILE), columns = pieces(output.width, TILE);
  return (tiling){rows, columns, s->batch * rows * columns};
}

/// A square of pixels for each tile.
typedef struct squares {
  size_t step;    ///< from that of a tile to that of the next one
  size_t border;  ///< how far that of the first tile lies outside of the image
  size_t extent;  ///< its rows and columns
} squares;

/// The pixels of the square of a tile; `outside` for those beyond the image.
static inline void pixels_of_tile(const plane *p, const tiling *tiles, squares square, size_t tile, const float *images,
                                  const float *outside, const float **pixels) {
  size_t place = tile % (tiles->rows * tiles->columns), image = tile / (tiles->rows * tiles->columns);
  const float *base = images + image * p->height * p->width * p->channels;
  // Beyond every extent when negative.
  size_t row = place / tiles->columns * square.step - square.border;
  size_t column = place % tiles->columns * square.step - square.border;
  for (size_t r = row; r != row + square.extent; r++) {
    for (size_t c = column; c != column + square.extent; c++) {
      *pixels++ = r < p->height && c < p->width ? base + (r * p->width + c) * p->channels : outside;
    }
  }
}

#endif
