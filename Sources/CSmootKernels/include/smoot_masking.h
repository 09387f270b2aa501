// Ranking the elements of a saliency map, and filling what is masked.
//
// The order is by (value, index): equal values keep the order of their indices, -0 equals 0, and NaN comes after everything. These loops are plain C at every level; they take a
// few thousandths of a step.
#ifndef SMOOT_MASKING_H
#define SMOOT_MASKING_H

#include <stddef.h>
#include <stdint.h>

/// mask [count] = 1 for the `k` lowest values, the lower indices first among equals, and 0 for the others. `scratch` holds 2 count numbers.
void smoot_mask_lowest_f32(size_t count, const float *values, size_t k, uint8_t *mask, uint32_t *scratch);

/// order [count] = the indices from the lowest to the highest value, or from the highest to the lowest; lower indices first among equals. `scratch` holds 3 count numbers.
void smoot_order_f32(size_t count, const float *values, int descending, uint32_t *order, uint32_t *scratch);

/// The least and greatest of the values whose mask is 0; of all values when none is. Returns how many were not masked.
size_t smoot_unmasked_range_f32(size_t count, const float *values, const uint8_t *mask, float *least, float *greatest);

/// y = mask ? least + (greatest - least) * uniform : x.
void smoot_fill_uniform_f32(size_t count, const float *x, const uint8_t *mask, float least, float greatest,
                            const float *uniform, float *y);

#endif
