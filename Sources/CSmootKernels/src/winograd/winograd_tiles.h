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
  GRADIENT_CHUNK = 32,
  /// Input and output channels of a block of the weight gradient.
  BLOCK = 128,
  /// Fewer tasks than this leave threads idle.
  TASKS = 8,
  /// The most parts of a weight gradient.
  PARTS = 16,
  MOST_CHANNELS = 1024,
  /// Of a patch, or of a tile.
  MOST_PIXELS = SMOOT_WINOGRAD_STRIDED_PATCH * SMOOT_WINOGRAD_STRIDED_PATCH,
};

/// The transforms of one kind of convolution, and their extents along an axis.
typedef struct scheme {
  size_t patch;    ///< pixels of the patch that a tile depends on
  size_t step;     ///< pixels from one patch to the next
  size_t terms;    ///< of the transform of a patch
  size_t kernels;  ///< of the transform of the weights; term i is multiplied with kernel i, or with the last one
  size_t points;   ///< at which products are summed: term i at i mod points
  size_t tile;     ///< pixels of the tile
  smoot_winograd_transforms transforms;
} scheme;

/// That of a convolution, or of the one that gives the gradient of its images.
static inline scheme scheme_of(const smoot_winograd_kernels *k, size_t stride, int turned_around) {
  enum { WIDE = SMOOT_WINOGRAD_STRIDED_PATCH, SIDE = SMOOT_WINOGRAD_STRIDED_SIDE };
  if (stride == 1) return (scheme){PATCH, TILE, PATCH, PATCH, PATCH, TILE, k->dense};
  if (turned_around) {
    return (scheme){SIDE, TILE, WIDE, SIDE + 1, WIDE, 2 * TILE, k->spread};
  }
  return (scheme){WIDE, 2 * TILE, WIDE, WIDE, SIDE, TILE, k->strided};
}

/// What lies around an image.
extern const float smoot_winograd_zeros[MOST_CHANNELS];

/// Those of the current level.
const smoot_winograd_kernels *smoot_winograd_kernels_for(smoot_number kind);

/// The half of an element that number `index` along the depth goes to.
static inline smoot_winograd_place half(size_t index) { return index % 2 ? SMOOT_WINOGRAD_UPPER : SMOOT_WINOGRAD_LOWER; }

static inline size_t least(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t pieces(size_t count, size_t piece) { return (count + piece - 1) / piece; }
/// Where piece `index` of `count` begins in `extent`.
static inline size_t cut(size_t extent, size_t index, size_t count) { return index * extent / count; }

/// Images [batch][height][width][channels] of numbers of `size` bytes.
typedef struct plane {
  size_t height, width, channels, size;
} plane;

/// The bytes of a number of an image.
static inline size_t pixel_size(const smoot_winograd_kernels *k) { return sizeof(float) / k->numbers; }

static inline plane input_plane(const smoot_winograd_kernels *k, const smoot_winograd_shape *s) {
  return (plane){s->height, s->width, s->input_channels, pixel_size(k)};
}

static inline plane output_plane(const smoot_winograd_kernels *k, const smoot_winograd_shape *s) {
  size_t border = 2 * s->padding;
  return (plane){(s->height + border - 3) / s->stride + 1, (s->width + border - 3) / s->stride + 1,
                 s->output_channels, pixel_size(k)};
}

/// Tiles of an image of the output along both axes, and of the batch.
typedef struct tiling {
  size_t rows, columns, count;
} tiling;

static inline tiling tiles_of(size_t batch, const plane *output, size_t tile) {
  size_t rows = pieces(output->height, tile), columns = pieces(output->width, tile);
  return (tiling){rows, columns, batch * rows * columns};
}

/// The tile after a tile, or the last one.
static inline size_t next_tile(const tiling *tiles, size_t tile) { return least(tile + 1, tiles->count - 1); }

/// A square of pixels for each tile.
typedef struct squares {
  size_t step;    ///< from that of a tile to that of the next one
  size_t border;  ///< how far that of the first tile lies outside of the image
  size_t extent;  ///< its rows and columns
} squares;

/// The pixels of the square of a tile, from channel `channel` on; `outside` for those beyond the image.
static inline void pixels_of_tile(const plane *p, const tiling *tiles, squares square, size_t tile, const void *images,
                                  size_t channel, const void *outside, const void **pixels) {
  size_t place = tile % (tiles->rows * tiles->columns), image = tile / (tiles->rows * tiles->columns);
  const char *base = (const char *)images + (image * p->height * p->width * p->channels + channel) * p->size;
  // Beyond every extent when negative.
  size_t row = place / tiles->columns * square.step - square.border;
  size_t column = place % tiles->columns * square.step - square.border;
  for (size_t r = row; r != row + square.extent; r++) {
    for (size_t c = column; c != column + square.extent; c++) {
      *pixels++ = r < p->height && c < p->width ? base + (r * p->width + c) * p->channels * p->size : outside;
    }
  }
}

#endif
