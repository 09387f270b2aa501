// Layer normalization of rows.
#ifndef SMOOT_NORMALIZATION_H
#define SMOOT_NORMALIZATION_H

#include <stddef.h>

/// y = (x - mean) / sqrt(variance + epsilon) * scale + shift, with mean and biased variance of each row; means, inverses [rows] (1 / sqrt(variance + epsilon)) are kept for the
/// backward pass. scale, shift [columns].
void smoot_layer_norm_forward_f32(size_t rows, size_t columns, const float *x, const float *scale, const float *shift,
                                  float epsilon, float *y, float *means, float *inverses);
/// dx, plus `addend` [rows][columns] unless that is NULL, and dscale, dshift [columns] += their gradients, added from the first row to the last. dx may be NULL, or dscale and dshift
/// both.
void smoot_layer_norm_backward_f32(size_t rows, size_t columns, const float *x, const float *scale, const float *means,
                                   const float *inverses, const float *dy, const float *addend, float *dx,
                                   float *dscale, float *dshift);

#endif
