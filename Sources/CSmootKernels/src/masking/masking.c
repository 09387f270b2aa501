// Chooses the kernels of the current level; what is the same at every level stands here.
#include "masking_variants.h"
#include "smoot_kernel_level.h"

static const smoot_masking_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_masking_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_masking_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_masking_kernels__scalar;
}

void smoot_mask_lowest_f32(size_t count, const float *values, size_t k, uint8_t *mask, uint32_t *scratch) {
  if (k == 0 || k >= count) {
    memset(mask, k != 0, count);
    return;
  }
  kernels()->mask_lowest(count, values, k, mask, scratch);
}

void smoot_order_f32(size_t count, const float *values, int descending, uint32_t *order, uint32_t *scratch) {
  uint32_t *keys = scratch, *other_keys = scratch + count, *other = scratch + 2 * count;
  for (size_t i = 0; i < count; i++) {
    uint32_t key = smoot_ordered_bits(values[i]);
    keys[i] = descending && key != UINT32_MAX ? ~key : key;
    order[i] = (uint32_t)i;
  }
  // Stable counting sorts by one byte after the other, from the lowest; an even number of them ends where it began.
  for (int shift = 0; shift < 32; shift += 8) {
    size_t start[257] = {0};
    for (size_t i = 0; i < count; i++) start[(keys[i] >> shift & 255) + 1]++;
    for (size_t d = 0; d < 256; d++) start[d + 1] += start[d];
    for (size_t i = 0; i < count; i++) {
      size_t to = start[keys[i] >> shift & 255]++;
      other_keys[to] = keys[i];
      other[to] = order[i];
    }
    uint32_t *swapped = keys;
    keys = other_keys, other_keys = swapped;
    swapped = order;
    order = other, other = swapped;
  }
}

void smoot_reduce_channels_f32(smoot_channel_reduction kind, size_t channels, size_t pixels, const float *x, float *y) {
  kernels()->reduce_channels(kind, channels, pixels, x, y);
}

size_t smoot_unmasked_range_f32(size_t count, const float *values, const uint8_t *mask, float *least, float *greatest) {
  return kernels()->unmasked_range(count, values, mask, least, greatest);
}

void smoot_unmasked_moments_f32(size_t count, const float *values, const uint8_t *mask, float *mean, float *deviation) {
  size_t unmasked = 0;
  for (size_t i = 0; mask && i < count; i++) unmasked += mask[i] == 0;
  int takes_all = unmasked == 0;
  double sum = 0, squares = 0;
  for (size_t i = 0; i < count; i++) sum += takes_all || mask[i] == 0 ? (double)values[i] : 0;
  double number = (double)(takes_all ? count : unmasked), center = sum / number;
  for (size_t i = 0; i < count; i++) {
    double distance = (double)values[i] - center;
    squares += takes_all || mask[i] == 0 ? distance * distance : 0;
  }
  *mean = (float)center;
  *deviation = (float)__builtin_sqrt(squares / number);
}

void smoot_fill_noise_f32(size_t count, const float *x, const uint8_t *mask, float shift, float scale,
                          const float *noise, float *y) {
  kernels()->fill(count, x, mask, shift, scale, noise, y);
}

void smoot_fill_uniform_f32(size_t count, const float *x, const uint8_t *mask, float least, float greatest,
                            const float *uniform, float *y) {
  kernels()->fill(count, x, mask, least, greatest - least, uniform, y);
}
