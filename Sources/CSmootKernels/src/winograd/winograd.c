// Chooses the kernels of the current level, transforms weights, and cuts the convolution into pieces that stay in the cache.
#include "winograd_tiles.h"

#include "../scratch.h"
#include "smoot_bfloat16.h"
#include "smoot_kernel_level.h"
#include "smoot_reduction.h"
#include "smoot_tiles.h"

const float smoot_winograd_zeros[MOST_CHANNELS];

static const smoot_winograd_kernels *kernels_f32(void) {
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
      switch (smoot_tiles_current()) {
        case SMOOT_TILES_NATIVE: return &smoot_winograd_kernels_bfloat16__amx;
        case SMOOT_TILES_EMULATED: return &smoot_winograd_kernels_bfloat16__emulated_tiles;
        case SMOOT_TILES_NONE: break;
      }
      return smoot_bfloat16_is_native() ? &smoot_winograd_kernels_bfloat16__avx512bf16
                                        : &smoot_winograd_kernels_bfloat16__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_winograd_kernels_bfloat16__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_winograd_kernels_bfloat16__scalar;
}

const smoot_winograd_kernels *smoot_winograd_kernels_for(smoot_number kind) {
  return kind == SMOOT_FLOAT32 ? kernels_f32() : kernels_bfloat16();
}

int smoot_winograd_f4x4_serves(size_t input_channels, size_t output_channels) {
  return input_channels > 0 && output_channels > 0 && input_channels % 16 == 0 && output_channels % 16 == 0 &&
         input_channels <= MOST_CHANNELS && output_channels <= MOST_CHANNELS;
}

// MARK: Weights

static size_t square(size_t side) { return side * side; }

size_t smoot_winograd_f4x4_packed_count(size_t input_channels, size_t output_channels, size_t stride,
                                        int turned_around) {
  return square(scheme_of(smoot_winograd_kernels_for(SMOOT_FLOAT32), stride, turned_around).kernels) * input_channels *
         output_channels;
}

/// The weights of the output channels `first` to `last`: panels [kernel][element of the input channels][channels of the panel].
static void pack(const smoot_winograd_kernels *k, const scheme *m, size_t in, size_t out, size_t first, size_t last,
                 const float *weight, float *packed) {
  size_t depth = in / k->numbers;
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(out - panel, PANEL);
    float *to = packed + panel * square(m->kernels) * depth;
    for (size_t i = 0; i < depth; i++) {
      m->transforms.weight(width, weight + i * k->numbers * out + panel, out, (ptrdiff_t)(in * out), to + i * width,
                           depth * width);
    }
  }
}

int smoot_winograd_f4x4_pack(smoot_number kind, size_t in, size_t out, size_t stride, size_t first, size_t last,
                             const float *weight, float *packed) {
  const smoot_winograd_kernels *k = smoot_winograd_kernels_for(kind);
  scheme m = scheme_of(k, stride, 0);
  pack(k, &m, in, out, first, last, weight, packed);
  return 0;
}

int smoot_winograd_f4x4_pack_transposed(smoot_number kind, size_t in, size_t out, size_t stride, size_t first,
                                        size_t last, const float *weight, float *packed) {
  const smoot_winograd_kernels *k = smoot_winograd_kernels_for(kind);
  scheme m = scheme_of(k, stride, 1);
  float *taps = smoot_scratch(9 * out * PANEL);
  if (taps == NULL) return -1;
  for (size_t panel = first; panel < last; panel += PANEL) {
    size_t width = least(in - panel, PANEL), count = out * width;
    for (size_t tap = 0; tap < 9; tap++) {
      // Turned around: the last tap comes first.
      smoot_transpose_f32(width, out, weight + ((8 - tap) * in + panel) * out, out, taps + tap * count, width);
    }
    pack(k, &m, out, width, 0, width, taps, packed + panel * square(m.kernels) * (out / k->numbers));
  }
  return 0;
}

// MARK: Convolution

/// A convolution of images, or the one that gives their gradient: what it reads and writes, and how.
typedef struct pass {
  scheme m;
  plane from, to;
  tiling tiles;
  size_t border;  ///< how far the patch of the first tile lies outside of what is read
} pass;

static pass pass_of(const smoot_winograd_kernels *k, const smoot_winograd_shape *s, int turned_around) {
  pass p = {scheme_of(k, s->stride, turned_around), input_plane(k, s), output_plane(k, s), {0, 0, 0}, s->padding};
  if (turned_around) {
    plane images = p.from;
    p.from = p.to;
    p.to = images;
    // With a stride of 1 the gradient is a convolution with the same padding; else pixel 2 i depends on none before i.
    if (s->stride == 2) p.border = 0;
  }
  p.tiles = tiles_of(s->batch, &p.to, p.m.tile);
  return p;
}

/// The pieces of the tiles, in groups of ROWS, and of the panels of output channels that make the tasks.
typedef struct pass_cut {
  size_t chunks, groups;
} pass_cut;

/// The floats that a tile takes, without those between the matrices.
static size_t tile_count(const pass *p) {
  return square(p->m.terms) * p->from.channels + square(p->m.points) * PANEL;
}

/// The floats between the matrices.
static size_t pad_count(const scheme *m) { return (square(m->terms) + square(m->points)) * PAD; }

static pass_cut cut_of(const pass *p) {
  size_t most = (SMOOT_SCRATCH_COUNT - pad_count(&p->m)) / tile_count(p);
  // Deep layers have so many weights that each of them must serve more tiles while it is in the cache.
  size_t wanted = p->from.channels >= 256 ? 2 * CHUNK : CHUNK;
  size_t chunk = least(most, wanted) / ROWS;
  size_t chunks = pieces(pieces(p->tiles.count, ROWS), chunk), panels = pieces(p->to.channels, PANEL);
  size_t groups = chunks == 0 ? 1 : least(panels, pieces(TASKS, chunks));
  return (pass_cut){chunks, groups};
}

static size_t tasks_of(const smoot_winograd_shape *s, int turned_around) {
  pass p = pass_of(smoot_winograd_kernels_for(SMOOT_FLOAT32), s, turned_around);
  pass_cut cuts = cut_of(&p);
  return cuts.chunks * cuts.groups;
}

size_t smoot_winograd_f4x4_tasks(const smoot_winograd_shape *s) { return tasks_of(s, 0); }

size_t smoot_winograd_f4x4_input_gradient_tasks(const smoot_winograd_shape *s) { return tasks_of(s, 1); }

/// The sums at all points of some tiles, for the `width` output channels of a panel of weights.
static void multiply(const smoot_winograd_kernels *k, const scheme *m, size_t tiles, size_t width, size_t depth,
                     const float *inputs, size_t input_point, const float *weights, float *products,
                     size_t output_point) {
  size_t last = m->kernels - 1;
  for (size_t i = 0; i < m->terms; i++) {
    for (size_t j = 0; j < m->terms; j++) {
      size_t term = i * m->terms + j, point = i % m->points * m->points + j % m->points;
      size_t kernel = least(i, last) * m->kernels + least(j, last);
      k->product(tiles, width, depth, inputs + term * input_point, depth, 1, weights + kernel * depth * width,
                 i >= m->points || j >= m->points, products + point * output_point, width);
    }
  }
}

/// One task of a pass; one that pools keeps the maximum of each window of 2x2.
static int convolve(const smoot_winograd_kernels *k, const smoot_winograd_shape *s, int turned_around, int pools,
                    size_t task, const void *x, const float *packed, const smoot_epilogue *epilogue, void *y) {
  pass p = pass_of(k, s, turned_around);
  const scheme *m = &p.m;
  const tiling *tiles = &p.tiles;
  plane to = p.to;
  squares patches = {m->step, p.border, m->patch}, targets = {m->tile, 0, m->tile};
  // What a patch does not share with those before it: its last rows and columns.
  squares fresh = {m->step, p.border - (m->patch - m->step), m->step};
  if (pools) {
    to.height /= 2;
    to.width /= 2;
    targets.step = targets.extent = m->tile / 2;
  }
  pass_cut cuts = cut_of(&p);
  size_t in = p.from.channels, out = p.to.channels, panels = pieces(out, PANEL);
  size_t chunk = task / cuts.groups, group = task % cuts.groups;
  size_t first = cut(pieces(tiles->count, ROWS), chunk, cuts.chunks) * ROWS;
  size_t count = least(cut(pieces(tiles->count, ROWS), chunk + 1, cuts.chunks) * ROWS, tiles->count) - first;
  size_t depth = in / k->numbers, input_point = count * depth + PAD, output_point = count * PANEL + PAD;
  float *inputs = smoot_scratch(count * tile_count(&p) + pad_count(m));
  if (inputs == NULL) return -1;
  float *products = inputs + square(m->terms) * input_point;
  const void *pixels[MOST_PIXELS], *ahead[MOST_PIXELS];
  for (size_t t = 0; t < count; t++) {
    size_t tile = first + t;
    pixels_of_tile(&p.from, tiles, patches, tile, x, 0, smoot_winograd_zeros, pixels);
    pixels_of_tile(&p.from, tiles, fresh, next_tile(tiles, tile), x, 0, smoot_winograd_zeros, ahead);
    m->transforms.input(in, pixels, ahead, inputs + t * depth, input_point, SMOOT_WINOGRAD_NEIGHBOURS);
  }
  for (size_t panel = cut(panels, group, cuts.groups); panel < cut(panels, group + 1, cuts.groups); panel++) {
    size_t channel = panel * PANEL, width = least(out - channel, PANEL);
    multiply(k, m, count, width, depth, inputs, input_point, packed + channel * square(m->kernels) * depth, products,
             output_point);
    smoot_epilogue end = epilogue_from(epilogue, channel);
    for (size_t t = 0; t < count; t++) {
      size_t tile = first + t;
      const float *from = products + t * width;
      const void *addends[MOST_PIXELS];
      void *results[MOST_PIXELS];
      pixels_of_tile(&to, tiles, targets, tile, y, channel, NULL, (const void **)results);
      pixels_of_tile(&to, tiles, targets, next_tile(tiles, tile), y, channel, smoot_winograd_zeros, ahead);
      if (end.addend) pixels_of_tile(&to, tiles, targets, tile, end.addend, channel, NULL, addends);
      if (pools) {
        k->pooled_output(width, from, output_point, &end, results);
      } else {
        m->transforms.output(width, from, output_point, &end, end.addend ? addends : NULL, results, ahead);
      }
    }
  }
  return 0;
}

int smoot_winograd_f4x4_forward(smoot_number kind, const smoot_winograd_shape *s, size_t task, const void *x,
                                const float *packed, const smoot_epilogue *epilogue, void *y) {
  return convolve(smoot_winograd_kernels_for(kind), s, 0, 0, task, x, packed, epilogue, y);
}

int smoot_winograd_f4x4_maxpool_f32(const smoot_winograd_shape *s, size_t task, const float *x, const float *packed,
                                    const smoot_epilogue *epilogue, float *y) {
  return convolve(smoot_winograd_kernels_for(SMOOT_FLOAT32), s, 0, 1, task, x, packed, epilogue, y);
}

int smoot_winograd_f4x4_input_gradient(smoot_number kind, const smoot_winograd_shape *s, size_t task, const void *dy,
                                       const float *packed, const smoot_epilogue *epilogue, void *dx) {
  return convolve(smoot_winograd_kernels_for(kind), s, 1, 0, task, dy, packed, epilogue, dx);
}
