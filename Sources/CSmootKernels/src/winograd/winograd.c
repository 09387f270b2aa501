// Chooses the transforms of the current level, and cuts the passes into pieces that stay in the cache.
#include "winograd_variants.h"

#include "../scratch.h"
#include "smoot_kernel_level.h"
#include "smoot_matrix.h"
#include "smoot_reduction.h"

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

static const float zeros[MOST_CHANNELS];

static const smoot_winograd_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_winograd_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_winograd_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_winograd_kernels__scalar;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t pieces(size_t count, size_t piece) { return (count + piece - 1) / piece; }
/// Where piece `index` of `count` begins in `extent`.
static size_t cut(size_t extent, size_t index, size_t count) { return index * extent / count; }

int smoot_winograd_f4x4_serves(size_t input_channels, size_t output_channels) {
  return input_channels > 0 && output_channels > 0 && input_channels % 16 == 0 && output_channels % 16 == 0 &&
         input_channels <= MOST_CHANNELS && output_channels <= MOST_CHANNELS;
}

// MARK: Weights

size_t smoot_winograd_f4x4_packed_count(size_t input_channels, size_t output_channels) {
  return POINTS * input_channels * output_channels;
}

int smoot_winograd_f4x4_pack_f32(size_t in, size_t out, size_t first, size_t last, const float *weight,
                                 float *packed) {
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(out - panel, PANEL);
    float *to = packed + panel * POINTS * in;
    for (size_t i = 0; i < in; i++) {
      kernels()->weight(width, weight + i * out + panel, (ptrdiff_t)(in * out), to + i * width, in * width);
    }
  }
  return 0;
}

int smoot_winograd_f4x4_pack_transposed_f32(size_t in, size_t out, size_t first, size_t last, const float *weight,
                                            float *packed) {
  float *taps = smoot_scratch(9 * out * PANEL);
  if (taps == NULL) return -1;
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(in - panel, PANEL), count = out * width;
    for (size_t tap = 0; tap < 9; tap++) {
      // Turned around: the last tap comes first.
      smoot_transpose_f32(width, out, weight + ((8 - tap) * in + panel) * out, out, taps + tap * count, width);
    }
    float *to = packed + panel * POINTS * out;
    for (size_t o = 0; o < out; o++) {
      kernels()->weight(width, taps + o * width, (ptrdiff_t)count, to + o * width, count);
    }
  }
  return 0;
}

// MARK: Tiles

/// Tiles of an image along both axes, and of the batch.
typedef struct tiling {
  size_t rows, columns, count;
} tiling;

static tiling tiles_of(const smoot_winograd_shape *s) {
  size_t rows = pieces(s->height, TILE), columns = pieces(s->width, TILE);
  return (tiling){rows, columns, s->batch * rows * columns};
}

/// The pixels of a square of `extent` rows and columns at (row, column), which may lie beyond the image: `outside` there.
static void pixels_of(const smoot_winograd_shape *s, size_t channels, const float *image, ptrdiff_t row,
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
static void pixels_of_tile(const smoot_winograd_shape *s, const tiling *tiles, size_t tile, size_t channels,
                           const float *x, size_t border, const float *outside, const float **pixels) {
  size_t place = tile % (tiles->rows * tiles->columns), image = tile / (tiles->rows * tiles->columns);
  pixels_of(s, channels, x + image * s->height * s->width * channels,
            (ptrdiff_t)(place / tiles->columns * TILE) - (ptrdiff_t)border,
            (ptrdiff_t)(place % tiles->columns * TILE) - (ptrdiff_t)border, TILE + 2 * border, outside, pixels);
}

/// B^T d B of `count` tiles from `first` on and of `width` of the channels: [point][tile][width].
static void transform_inputs(const smoot_winograd_shape *s, const tiling *tiles, size_t first, size_t count,
                             size_t channel, size_t width, const float *x, float *to, size_t to_point) {
  const float *pixels[POINTS];
  for (size_t t = 0; t < count; t++) {
    pixels_of_tile(s, tiles, first + t, s->input_channels, x + channel, 1, zeros, pixels);
    kernels()->input(width, pixels, to + t * width, to_point);
  }
}

// MARK: Forward

/// The pieces of the tiles, and of the output channels, that make the tasks.
typedef struct forward_cut {
  size_t chunks, groups;
} forward_cut;

static forward_cut cut_of(const smoot_winograd_shape *s, const tiling *tiles) {
  size_t most = (SMOOT_SCRATCH_COUNT - POINTS * PAD * 2) / (POINTS * (s->input_channels + PANEL));
  // Deep layers have so many weights that each of them must serve more tiles while it is in the cache.
  size_t wanted = s->input_channels >= 256 ? 2 * CHUNK : CHUNK;
  size_t chunks = pieces(tiles->count, least(most, wanted)), panels = pieces(s->output_channels, PANEL);
  size_t groups = chunks == 0 ? 1 : least(panels, pieces(TASKS, chunks));
  return (forward_cut){chunks, groups};
}

size_t smoot_winograd_f4x4_tasks(const smoot_winograd_shape *s) {
  tiling tiles = tiles_of(s);
  forward_cut cuts = cut_of(s, &tiles);
  return cuts.chunks * cuts.groups;
}

int smoot_winograd_f4x4_forward_f32(const smoot_winograd_shape *s, size_t task, const float *x, const float *packed,
                                    const float *bias, int rectifies, float *y) {
  tiling tiles = tiles_of(s);
  forward_cut cuts = cut_of(s, &tiles);
  size_t in = s->input_channels, out = s->output_channels, panels = pieces(out, PANEL);
  size_t chunk = task / cuts.groups, group = task % cuts.groups;
  size_t first = cut(tiles.count, chunk, cuts.chunks), count = cut(tiles.count, chunk + 1, cuts.chunks) - first;
  size_t input_point = count * in + PAD, output_point = count * PANEL + PAD;
  float *inputs = smoot_scratch(POINTS * (input_point + output_point));
  if (inputs == NULL) return -1;
  float *products = inputs + POINTS * input_point;
  transform_inputs(s, &tiles, first, count, 0, in, x, inputs, input_point);
  for (size_t panel = cut(panels, group, cuts.groups); panel < cut(panels, group + 1, cuts.groups); panel++) {
    size_t channel = panel * PANEL, width = least(out - channel, PANEL);
    const float *weights = packed + channel * POINTS * in;
    for (size_t p = 0; p < POINTS; p++) {
      smoot_packed_product_f32(count, width, in, 0, width, 1, inputs + p * input_point, in, 1,
                               weights + p * in * width, 0, products + p * output_point, width);
    }
    for (size_t t = 0; t < count; t++) {
      float *pixels[TILE * TILE];
      pixels_of_tile(s, &tiles, first + t, out, y + channel, 0, NULL, (const float **)pixels);
      kernels()->output(width, products + t * width, output_point, bias ? bias + channel : NULL, rectifies, pixels);
    }
  }
  return 0;
}

// MARK: Weight gradient

static size_t blocks_of(const smoot_winograd_shape *s) {
  return pieces(s->input_channels, BLOCK) * pieces(s->output_channels, BLOCK);
}

size_t smoot_winograd_f4x4_parts(const smoot_winograd_shape *s) {
  size_t parts = 1, tiles = tiles_of(s).count;
  while (parts < PARTS && parts * blocks_of(s) < TASKS && tiles / (2 * parts) >= GRADIENT_CHUNK) parts *= 2;
  return parts;
}

size_t smoot_winograd_f4x4_gradient_tasks(const smoot_winograd_shape *s) {
  return smoot_winograd_f4x4_parts(s) * blocks_of(s);
}

int smoot_winograd_f4x4_weight_gradient_f32(const smoot_winograd_shape *s, size_t task, const float *x,
                                            const float *dy, float *sums) {
  tiling tiles = tiles_of(s);
  size_t in = s->input_channels, out = s->output_channels, parts = smoot_winograd_f4x4_parts(s);
  size_t blocks = blocks_of(s), part = task / blocks, across = pieces(out, BLOCK);
  size_t input = task % blocks / across * BLOCK, output = task % blocks % across * BLOCK;
  size_t height = least(in - input, BLOCK), width = least(out - output, BLOCK);
  size_t sum_point = height * width + PAD;
  size_t input_point = GRADIENT_CHUNK * height + PAD, gradient_point = GRADIENT_CHUNK * width + PAD;
  float *totals = smoot_scratch(POINTS * (sum_point + input_point + gradient_point));
  if (totals == NULL) return -1;
  float *inputs = totals + POINTS * sum_point, *gradients = inputs + POINTS * input_point;
  size_t start = cut(tiles.count, part, parts), end = cut(tiles.count, part + 1, parts);
  for (size_t first = start; first < end; first += GRADIENT_CHUNK) {
    size_t count = least(end - first, GRADIENT_CHUNK);
    transform_inputs(s, &tiles, first, count, input, height, x, inputs, input_point);
    for (size_t t = 0; t < count; t++) {
      const float *pixels[TILE * TILE];
      pixels_of_tile(s, &tiles, first + t, out, dy + output, 0, zeros, pixels);
      for (size_t c = 0; c < width; c += PANEL) {
        // The panels of a packed matrix, one after the other.
        size_t panel = least(width - c, PANEL);
        kernels()->gradient(panel, pixels, gradients + c * count + t * panel, gradient_point);
        for (size_t p = 0; p < TILE * TILE; p++) pixels[p] += pixels[p] == zeros ? 0 : panel;
      }
    }
    for (size_t p = 0; p < POINTS; p++) {
      smoot_packed_product_f32(height, width, count, 0, width, 1, inputs + p * input_point, 1, height,
                               gradients + p * gradient_point, first > start, totals + p * sum_point, width);
    }
  }
  float *to = sums + part * 9 * in * out + input * out + output;
  for (size_t i = 0; i < height; i++) {
    kernels()->weight_gradient(width, totals + i * width, sum_point, to + i * out, in * out);
  }
  return 0;
}
