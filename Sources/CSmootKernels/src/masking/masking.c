#include "smoot_masking.h"

#include <string.h>

/// An unsigned number that is ordered as the float is: NaN last, -0 as 0.
static uint32_t key(float value) {
  if (value != value) return UINT32_MAX;
  value += 0.0f;  // -0 becomes 0
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

void smoot_mask_lowest_f32(size_t count, const float *values, size_t k, uint8_t *mask, uint32_t *scratch) {
  if (k >= count) {
    memset(mask, 1, count);
    return;
  }
  // Radix selection: fix one byte of the k-th lowest key after the other, from the highest.
  uint32_t *keys = scratch, *candidates = scratch + count;
  for (size_t i = 0; i < count; i++) keys[i] = candidates[i] = key(values[i]);
  size_t remaining = count, rank = k;
  uint32_t threshold = 0;
  for (int shift = 24; shift >= 0; shift -= 8) {
    size_t histogram[256] = {0};
    for (size_t i = 0; i < remaining; i++) histogram[candidates[i] >> shift & 255]++;
    uint32_t digit = 0;
    while (rank >= histogram[digit]) rank -= histogram[digit++];
    threshold |= digit << shift;
    size_t kept = 0;
    for (size_t i = 0; i < remaining; i++) {
      candidates[kept] = candidates[i];
      kept += (candidates[i] >> shift & 255) == digit;
    }
    remaining = kept;
  }
  // `rank` of the elements that equal the threshold are below the k-th.
  for (size_t i = 0; i < count; i++) {
    int is_equal = keys[i] == threshold;
    mask[i] = (uint8_t)(keys[i] < threshold || (is_equal && rank > 0));
    rank -= (size_t)(is_equal && rank > 0);
  }
}

void smoot_order_f32(size_t count, const float *values, int descending, uint32_t *order, uint32_t *scratch) {
  uint32_t *keys = scratch, *other_keys = scratch + count, *other = scratch + 2 * count;
  for (size_t i = 0; i < count; i++) {
    keys[i] = descending ? ~key(values[i]) : key(values[i]);
    if (values[i] != values[i]) keys[i] = UINT32_MAX;
    order[i] = (uint32_t)i;
  }
  // Stable counting sorts by one byte after the other, from the lowest.
  for (int shift = 0; shift < 32; shift += 8) {
    size_t start[257] = {0};
    for (size_t i = 0; i < count; i++) start[(keys[i] >> shift & 255) + 1]++;
    for (size_t d = 0; d < 256; d++) start[d + 1] += start[d];
    for (size_t i = 0; i < count; i++) {
      size_t to = start[keys[i] >> shift & 255]++;
      other_keys[to] = keys[i];
      other[to] = order[i];
    }
    memcpy(keys, other_keys, count * sizeof *keys);
    memcpy(order, other, count * sizeof *order);
  }
}

size_t smoot_unmasked_range_f32(size_t count, const float *values, const uint8_t *mask, float *least, float *greatest) {
  size_t unmasked = 0;
  for (size_t i = 0; i < count; i++) unmasked += mask[i] == 0;
  float low = __builtin_inff(), high = -__builtin_inff();
  for (size_t i = 0; i < count; i++) {
    int counts = unmasked == 0 || mask[i] == 0;
    low = counts && values[i] < low ? values[i] : low;
    high = counts && values[i] > high ? values[i] : high;
  }
  *least = low;
  *greatest = high;
  return unmasked;
}

void smoot_fill_uniform_f32(size_t count, const float *x, const uint8_t *mask, float least, float greatest,
                            const float *uniform, float *y) {
  float extent = greatest - least;
  for (size_t i = 0; i < count; i++) y[i] = mask[i] ? least + extent * uniform[i] : x[i];
}
