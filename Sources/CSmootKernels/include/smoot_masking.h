// Ranking the elements of a saliency map, and filling what is masked.
//
// The order is by (value, index): equal values keep the order of their indices, -0 equals 0, and NaN comes after everything.
#ifndef SMOOT_MASKING_H
#define SMOOT_MASKING_H

#include <stddef.h>
#include <stdint.h>

/// mask [count] = 1 for the `k` lowest values, the lower indices first among equals, and 0 for the others. `scratch` holds 2 count numbers.
void smoot_mask_lowest_f32(size_t count, const float *values, size_t k, uint8_t *mask, uint32_t *scratch);

/// order [count] = the indices from the lowest to the highest value, or from the highest to the lowest; lower indices first among equals. `scratch` holds 3 count numbers.
void smoot_order_f32(size_t count, const float *values, int descending, uint32_t *order, uint32_t *scratch);

/// How the channels of a gradient become one number.
typedef enum smoot_channel_reduction {
  SMOOT_CHANNELS_MEAN = 0,         ///< the mean, with its sign
  SMOOT_CHANNELS_ABS_OF_MEAN = 1,  ///< the mean's magnitude
  SMOOT_CHANNELS_MEAN_OF_ABS = 2,  ///< the mean of the magnitudes
  SMOOT_CHANNELS_MAX_OF_ABS = 3,   ///< the greatest magnitude; NaN where there is one
} smoot_channel_reduction;

/// y [pixels] = the channels of x [channels][pixels] put together, added from the first channel to the last.
void smoot_reduce_channels_f32(smoot_channel_reduction kind, size_t channels, size_t pixels, const float *x, float *y);

/// The least and greatest of the values whose mask is 0; of all values when none is. Returns how many were not masked. NaN is passed over.
size_t smoot_unmasked_range_f32(size_t count, const float *values, const uint8_t *mask, float *least, float *greatest);

/// The mean and the (biased) standard deviation of the values whose mask is 0; of all values when none is, or when `mask` is NULL. Sums are in double precision.
void smoot_unmasked_moments_f32(size_t count, const float *values, const uint8_t *mask, float *mean, float *deviation);

/// y = mask ? shift + scale * noise : x. `noise` NULL stands for noise 0 everywhere.
void smoot_fill_noise_f32(size_t count, const float *x, const uint8_t *mask, float shift, float scale,
                          const float *noise, float *y);

/// y = mask ? least + (greatest - least) * uniform : x.
void smoot_fill_uniform_f32(size_t count, const float *x, const uint8_t *mask, float least, float greatest,
                            const float *uniform, float *y);

#endif
