// Chooses the transforms of the current level, and cuts the passes into pieces that stay in the cache.
#include "winograd_variants.h"

#include "../scratch.h"
#include "smoot_bfloat16.h"
#include "smoot_kernel_level.h"
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

static const smoot_winograd_kernels *kernels_bfloat16(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512:
      return smoot_bfloat16_is_native() ? &smoot_winograd_kernels_bfloat16__avx512bf16
                                        : &smoot_winograd_kernels_bfloat16__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_winograd_kernels_bfloat16__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_winograd_kernels_bfloat16__scalar;
}

/// The half of an element that number `index` along the depth goes to.
static smoot_winograd_place half(size_t index) { return index % 2 ? SMOOT_WINOGRAD_UPPER : SMOOT_WINOGRAD_LOWER; }

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

/// The weights of the output channels `first` to `last`: panels [point][element of the input channels][channels of the panel].
static void pack(const smoot_winograd_kernels *k, size_t in, size_t out, size_t first, size_t last,
                 const float *weight, float *packed) {
  size_t depth = in / k->numbers;
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(out - panel, PANEL);
    float *to = packed + panel * POINTS * depth;
    for (size_t i = 0; i < in; i++) {
      k->weight(width, weight + i * out + panel, (ptrdiff_t)(in * out), to + i / k->numbers * width, depth * width,
                half(i));
    }
  }
}

static int pack_transposed(const smoot_winograd_kernels *k, size_t in, size_t out, size_t first, size_t last,
                           const float *weight, float *packed) {
  float *taps = smoot_scratch(9 * out * PANEL);
  if (taps == NULL) return -1;
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(in - panel, PANEL), count = out * width;
    for (size_t tap = 0; tap < 9; tap++) {
      // Turned around: the last tap comes first.
      smoot_transpose_f32(width, out, weight + ((8 - tap) * in + panel) * out, out, taps + tap * count, width);
    }
    pack(k, out, width, 0, width, taps, packed + panel * POINTS * (out / k->numbers));
  }
  return 0;
}

int smoot_winograd_f4x4_pack_f32(size_t in, size_t out, size_t first, size_t last, const float *weight,
                                 float *packed) {
  pack(kernels(), in, out, first, last, weight, packed);
  return 0;
}

int smoot_winograd_f4x4_pack_bfloat16(size_t in, size_t out, size_t first, size_t last, const float *weight,
                                      float *packed) {
  pack(kernels_bfloat16(), in, out, first, last, weight, packed);
  return 0;
}

int smoot_winograd_f4x4_pack_transposed_f32(size_t in, size_t out, size_t first, size_t last, const float *weight,
                                            float *packed) {
  return pack_transposed(kernels(), in, out, first, last, weight, packed);
}

int smoot_winograd_f4x4_pack_transposed_bfloat16(size_t in, size_t out, size_t first, size_t last,
                                                 const float *weight, float *packed) {
  return pack_transposed(kernels_bfloat16(), in, out, first, last, weight, packed);
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

static int forward(const smoot_winograd_kernels *k, const smoot_winograd_shape *s, size_t task, const float *x,
                   const float *packed, const float *bias, int rectifies, float *y) {
  tiling tiles = tiles_of(s);
  forward_cut cuts = cut_of(s, &tiles);
  size_t in = s->input_channels, out = s->output_channels, panels = pieces(out, PANEL);
  size_t chunk = task / cuts.groups, group = task % cuts.groups;
  size_t first = cut(tiles.count, chunk, cuts.chunks), count = cut(tiles.count, chunk + 1, cuts.chunks) - first;
  size_t depth = in / k->numbers, input_point = count * depth + PAD, output_point = count * PANEL + PAD;
  float *inputs = smoot_scratch(POINTS * (input_point + output_point));
  if (inputs == NULL) return -1;
  float *products = inputs + POINTS * input_point;
  for (size_t t = 0; t < count; t++) {
    const float *pixels[POINTS];
    pixels_of_tile(s, &tiles, first + t, in, x, 1, zeros, pixels);
    k->input(in, pixels, inputs + t * depth, input_point, SMOOT_WINOGRAD_NEIGHBOURS);
  }
  for (size_t panel = cut(panels, group, cuts.groups); panel < cut(panels, group + 1, cuts.groups); panel++) {
    size_t channel = panel * PANEL, width = least(out - channel, PANEL);
    const float *weights = packed + channel * POINTS * depth;
    for (size_t p = 0; p < POINTS; p++) {
      k->product(count, width, depth, inputs + p * input_point, depth, 1, weights + p * depth * width, 0,
                 products + p * output_point, width);
    }
    for (size_t t = 0; t < count; t++) {
      float *pixels[TILE * TILE];
      pixels_of_tile(s, &tiles, first + t, out, y + channel, 0, NULL, (const float **)pixels);
      k->output(width, products + t * width, output_point, bias ? bias + channel : NULL, rectifies, pixels);
    }
  }
  return 0;
}

int smoot_winograd_f4x4_forward_f32(const smoot_winograd_shape *s, size_t task, const float *x, const float *packed,
                                    const float *bias, int rectifies, float *y) {
  return forward(kernels(), s, task, x, packed, bias, rectifies, y);
}

int smoot_winograd_f4x4_forward_bfloat16(const smoot_winograd_shape *s, size_t task, const float *x,
                                         const float *packed, const float *bias, int rectifies, float *y) {
  return forward(kernels_bfloat16(), s, task, x, packed, bias, rectifies, y);
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

/// A e A^T of a tile, as a row, or a half of one, of panels [element of the tiles][channels of the panel] of `depth` elements.
static void transform_gradient(const smoot_winograd_kernels *k, size_t width, size_t depth, size_t tile,
                               const float **pixels, float *to, size_t to_point) {
  for (size_t c = 0; c < width; c += PANEL) {
    size_t panel = least(width - c, PANEL);
    k->gradient(panel, pixels, to + c * depth + tile / k->numbers * panel, to_point, half(tile));
    for (size_t p = 0; p < TILE * TILE; p++) pixels[p] += pixels[p] == zeros ? 0 : panel;
  }
}

static int weight_gradient(const smoot_winograd_kernels *k, const smoot_winograd_shape *s, size_t task,
                           const float *x, const float *dy, float *sums) {
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
    size_t count = least(end - first, GRADIENT_CHUNK), depth = pieces(count, k->numbers);
    for (size_t t = 0; t < count; t++) {
      const float *pixels[POINTS];
      pixels_of_tile(s, &tiles, first + t, in, x + input, 1, zeros, pixels);
      k->input(height, pixels, inputs + t / k->numbers * height, input_point, half(t));
      pixels_of_tile(s, &tiles, first + t, out, dy + output, 0, zeros, pixels);
      transform_gradient(k, width, depth, t, pixels, gradients, gradient_point);
    }
    for (size_t p = 0; p < POINTS; p++) {
      k->product(height, width, depth, inputs + p * input_point, 1, height, gradients + p * gradient_point,
                 first > start, totals + p * sum_point, width);
    }
  }
  float *to = sums + part * 9 * in * out + input * out + output;
  for (size_t i = 0; i < height; i++) {
    k->weight_gradient(width, totals + i * width, sum_point, to + i * out, in * out);
  }
  return 0;
}

int smoot_winograd_f4x4_weight_gradient_f32(const smoot_winograd_shape *s, size_t task, const float *x,
                                            const float *dy, float *sums) {
  return weight_gradient(kernels(), s, task, x, dy, sums);
}

int smoot_winograd_f4x4_weight_gradient_bfloat16(const smoot_winograd_shape *s, size_t task, const float *x,
                                                 const float *dy, float *sums) {
  return weight_gradient(kernels_bfloat16(), s, task, x, dy, sums);
}
