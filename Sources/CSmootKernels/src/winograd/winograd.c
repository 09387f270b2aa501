// Chooses the kernels of the current level, transforms weights, and cuts the convolution into pieces that stay in the cache.
#include "winograd_tiles.h"

#include "../scratch.h"
#include "smoot_bfloat16.h"
#include "smoot_kernel_level.h"
#include "smoot_reduction.h"

const float smoot_winograd_zeros[MOST_CHANNELS];

const smoot_winograd_kernels *smoot_winograd_kernels_f32(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_winograd_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_winograd_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_winograd_kernels__scalar;
}

const smoot_winograd_kernels *smoot_winograd_kernels_bfloat16(void) {
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

int smoot_winograd_f4x4_serves(size_t input_channels, size_t output_channels) {
  return input_channels > 0 && output_channels > 0 && input_channels % 16 == 0 && output_channels % 16 == 0 &&
         input_channels <= MOST_CHANNELS && output_channels <= MOST_CHANNELS;
}

// MARK: Weights

static size_t square(size_t side) { return side * side; }

size_t smoot_winograd_f4x4_packed_count(size_t input_channels, size_t output_channels, size_t stride) {
  return square(stride == 2 ? SMOOT_WINOGRAD_STRIDED_PATCH : PATCH) * input_channels * output_channels;
}

/// The weights of the output channels `first` to `last`: panels [term][element of the input channels][channels of the panel].
static void pack(const smoot_winograd_kernels *k, size_t in, size_t out, size_t stride, size_t first, size_t last,
                 const float *weight, float *packed) {
  scheme m = scheme_of(k, stride);
  size_t depth = in / k->numbers;
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(out - panel, PANEL);
    float *to = packed + panel * square(m.side) * depth;
    for (size_t i = 0; i < in; i++) {
      m.weight(width, weight + i * out + panel, (ptrdiff_t)(in * out), to + i / k->numbers * width, depth * width,
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
    pack(k, out, width, 1, 0, width, taps, packed + panel * POINTS * (out / k->numbers));
  }
  return 0;
}

int smoot_winograd_f4x4_pack_f32(size_t in, size_t out, size_t stride, size_t first, size_t last,
                                 const float *weight, float *packed) {
  pack(smoot_winograd_kernels_f32(), in, out, stride, first, last, weight, packed);
  return 0;
}

int smoot_winograd_f4x4_pack_bfloat16(size_t in, size_t out, size_t stride, size_t first, size_t last,
                                      const float *weight, float *packed) {
  pack(smoot_winograd_kernels_bfloat16(), in, out, stride, first, last, weight, packed);
  return 0;
}

int smoot_winograd_f4x4_pack_transposed_f32(size_t in, size_t out, size_t first, size_t last, const float *weight,
                                            float *packed) {
  return pack_transposed(smoot_winograd_kernels_f32(), in, out, first, last, weight, packed);
}

int smoot_winograd_f4x4_pack_transposed_bfloat16(size_t in, size_t out, size_t first, size_t last,
                                                 const float *weight, float *packed) {
  return pack_transposed(smoot_winograd_kernels_bfloat16(), in, out, first, last, weight, packed);
}

// MARK: Forward

/// The pieces of the tiles, in groups of ROWS, and of the panels of output channels that make the tasks.
typedef struct forward_cut {
  size_t chunks, groups;
} forward_cut;

/// The floats that a tile takes, without those between the matrices.
static size_t tile_count(const smoot_winograd_shape *s, const scheme *m) {
  return square(m->side) * s->input_channels + square(m->points) * PANEL;
}

/// The floats between the matrices.
static size_t pad_count(const scheme *m) { return (square(m->side) + square(m->points)) * PAD; }

static forward_cut cut_of(const smoot_winograd_shape *s, const scheme *m, const tiling *tiles) {
  size_t most = (SMOOT_SCRATCH_COUNT - pad_count(m)) / tile_count(s, m);
  // Deep layers have so many weights that each of them must serve more tiles while it is in the cache.
  size_t wanted = s->input_channels >= 256 ? 2 * CHUNK : CHUNK;
  size_t chunk = least(most, wanted) / ROWS;
  size_t chunks = pieces(pieces(tiles->count, ROWS), chunk), panels = pieces(s->output_channels, PANEL);
  size_t groups = chunks == 0 ? 1 : least(panels, pieces(TASKS, chunks));
  return (forward_cut){chunks, groups};
}

size_t smoot_winograd_f4x4_tasks(const smoot_winograd_shape *s) {
  tiling tiles = tiles_of(s);
  scheme m = scheme_of(smoot_winograd_kernels_f32(), s->stride);
  forward_cut cuts = cut_of(s, &m, &tiles);
  return cuts.chunks * cuts.groups;
}

/// The sums at all points of some tiles, for the `width` output channels of a panel of weights.
static void multiply(const smoot_winograd_kernels *k, const scheme *m, size_t tiles, size_t width, size_t depth,
                     const float *inputs, size_t input_point, const float *weights, float *products,
                     size_t output_point) {
  for (size_t i = 0; i < m->side; i++) {
    for (size_t j = 0; j < m->side; j++) {
      size_t term = i * m->side + j, point = i % m->points * m->points + j % m->points;
      k->product(tiles, width, depth, inputs + term * input_point, depth, 1, weights + term * depth * width,
                 i >= m->points || j >= m->points, products + point * output_point, width);
    }
  }
}

static int forward(const smoot_winograd_kernels *k, const smoot_winograd_shape *s, size_t task, const float *x,
                   const float *packed, const smoot_epilogue *epilogue, int pools, float *y) {
  scheme m = scheme_of(k, s->stride);
  tiling tiles = tiles_of(s);
  plane images = input_plane(s), results = output_plane(s);
  squares patches = {m.tile_step, s->padding, m.side}, squares = {TILE, 0, TILE};
  if (pools) {
    results = (plane){results.height / 2, results.width / 2, results.channels};
    squares.step = squares.extent = TILE / 2;
  }
  forward_cut cuts = cut_of(s, &m, &tiles);
  size_t in = s->input_channels, out = s->output_channels, panels = pieces(out, PANEL);
  size_t chunk = task / cuts.groups, group = task % cuts.groups;
  size_t first = cut(pieces(tiles.count, ROWS), chunk, cuts.chunks) * ROWS;
  size_t count = least(cut(pieces(tiles.count, ROWS), chunk + 1, cuts.chunks) * ROWS, tiles.count) - first;
  size_t depth = in / k->numbers, input_point = count * depth + PAD, output_point = count * PANEL + PAD;
  float *inputs = smoot_scratch(count * tile_count(s, &m) + pad_count(&m));
  if (inputs == NULL) return -1;
  float *products = inputs + square(m.side) * input_point;
  for (size_t t = 0; t < count; t++) {
    const float *pixels[SMOOT_WINOGRAD_STRIDED_PATCH * SMOOT_WINOGRAD_STRIDED_PATCH];
    pixels_of_tile(&images, &tiles, patches, first + t, x, smoot_winograd_zeros, pixels);
    m.input(in, pixels, inputs + t * depth, input_point, SMOOT_WINOGRAD_NEIGHBOURS);
  }
  for (size_t panel = cut(panels, group, cuts.groups); panel < cut(panels, group + 1, cuts.groups); panel++) {
    size_t channel = panel * PANEL, width = least(out - channel, PANEL);
    multiply(k, &m, count, width, depth, inputs, input_point, packed + channel * square(m.side) * depth, products,
             output_point);
    smoot_epilogue end = epilogue_from(epilogue, channel);
    for (size_t t = 0; t < count; t++) {
      const float *from = products + t * width, *addends[TILE * TILE];
      float *pixels[TILE * TILE];
      pixels_of_tile(&results, &tiles, squares, first + t, y + channel, NULL, (const float **)pixels);
      if (end.addend) {
        pixels_of_tile(&results, &tiles, squares, first + t, end.addend + channel, NULL, addends);
      }
      if (pools) {
        k->pooled_output(width, from, output_point, &end, pixels);
      } else {
        m.output(width, from, output_point, &end, end.addend ? addends : NULL, pixels);
      }
    }
  }
  return 0;
}

int smoot_winograd_f4x4_forward_f32(const smoot_winograd_shape *s, size_t task, const float *x, const float *packed,
                                    const smoot_epilogue *epilogue, float *y) {
  return forward(smoot_winograd_kernels_f32(), s, task, x, packed, epilogue, 0, y);
}

int smoot_winograd_f4x4_forward_bfloat16(const smoot_winograd_shape *s, size_t task, const float *x,
                                         const float *packed, const smoot_epilogue *epilogue, float *y) {
  return forward(smoot_winograd_kernels_bfloat16(), s, task, x, packed, epilogue, 0, y);
}

int smoot_winograd_f4x4_maxpool_f32(const smoot_winograd_shape *s, size_t task, const float *x, const float *packed,
                                    const smoot_epilogue *epilogue, float *y) {
  return forward(smoot_winograd_kernels_f32(), s, task, x, packed, epilogue, 1, y);
}
