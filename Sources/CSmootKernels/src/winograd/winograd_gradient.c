// The weight gradient of Winograd's method, in blocks of channels and parts of the tiles.
#include "winograd_tiles.h"

#include "../scratch.h"

static size_t blocks_of(const smoot_winograd_shape *s) {
  return pieces(s->input_channels, BLOCK) * pieces(s->output_channels, BLOCK);
}

static tiling tiles_of_output(const smoot_winograd_shape *s) {
  plane output = output_plane(smoot_winograd_kernels_for(SMOOT_FLOAT32), s);
  return tiles_of(s->batch, &output, TILE);
}

size_t smoot_winograd_f4x4_parts(const smoot_winograd_shape *s) {
  size_t parts = 1, tiles = tiles_of_output(s).count;
  while (parts < PARTS && parts * blocks_of(s) < TASKS && tiles / (2 * parts) >= GRADIENT_CHUNK) parts *= 2;
  return parts;
}

size_t smoot_winograd_f4x4_gradient_tasks(const smoot_winograd_shape *s) {
  return smoot_winograd_f4x4_parts(s) * blocks_of(s);
}

/// A e A^T of a tile, as a row, or a half of one, of panels [element of the tiles][channels of the panel] of `depth` elements.
static void transform_gradient(const smoot_winograd_kernels *k, size_t width, size_t depth, size_t tile,
                               const void **pixels, const void **ahead, float *to, size_t to_point) {
  for (size_t c = 0; c < width; c += PANEL) {
    size_t panel = least(width - c, PANEL);
    k->gradient(panel, pixels, ahead, to + c * depth + tile / k->numbers * panel, to_point, half(tile));
    for (size_t p = 0; p < TILE * TILE; p++) {
      if (pixels[p] != smoot_winograd_zeros) pixels[p] = (const char *)pixels[p] + panel * pixel_size(k);
      if (ahead[p] != smoot_winograd_zeros) ahead[p] = (const char *)ahead[p] + panel * pixel_size(k);
    }
  }
}

int smoot_winograd_f4x4_weight_gradient(smoot_number kind, const smoot_winograd_shape *s, size_t task, const void *x,
                                        const void *dy, float *sums) {
  const smoot_winograd_kernels *k = smoot_winograd_kernels_for(kind);
  tiling tiles = tiles_of_output(s);
  plane images = input_plane(k, s), results = output_plane(k, s);
  squares patches = {TILE, s->padding, PATCH}, fresh = {TILE, s->padding - (PATCH - TILE), TILE}, targets = {TILE, 0, TILE};
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
      const void *pixels[POINTS], *ahead[POINTS];
      size_t tile = first + t, next = next_tile(&tiles, tile);
      pixels_of_tile(&images, &tiles, patches, tile, x, input, smoot_winograd_zeros, pixels);
      pixels_of_tile(&images, &tiles, fresh, next, x, input, smoot_winograd_zeros, ahead);
      k->dense.input(height, pixels, ahead, inputs + t / k->numbers * height, input_point, half(t));
      pixels_of_tile(&results, &tiles, targets, tile, dy, output, smoot_winograd_zeros, pixels);
      pixels_of_tile(&results, &tiles, targets, next, dy, output, smoot_winograd_zeros, ahead);
      transform_gradient(k, width, depth, t, pixels, ahead, gradients, gradient_point);
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
