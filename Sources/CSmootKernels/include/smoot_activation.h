// Activations and other functions of each element.
//
// The largest relative errors are 8.4e-8 for exp and log, 1.5e-7 for tanh, 1.8e-7 for sigmoid, and 4e-7 for GELU (with its lower tail, where PyTorch's form cancels);
// that of the slope of GELU is 2.3e-7 absolute. `x` and `y`, and `dy` and `dx`, may be the same.
#ifndef SMOOT_ACTIVATION_H
#define SMOOT_ACTIVATION_H

#include <stddef.h>

#include "smoot_bfloat16.h"

/// y = exp(x).
void smoot_exp_f32(size_t count, const float *x, float *y);
/// y = the natural logarithm of x: -infinity at 0, NaN below.
void smoot_log_f32(size_t count, const float *x, float *y);
/// y = tanh(x).
void smoot_tanh_forward_f32(size_t count, const float *x, float *y);
/// dx = dy (1 - y^2), with y = tanh(x).
void smoot_tanh_backward_f32(size_t count, const float *y, const float *dy, float *dx);
/// y = 1 / (1 + exp(-x)).
void smoot_sigmoid_forward_f32(size_t count, const float *x, float *y);
/// dx = dy y (1 - y), with y the sigmoid of x.
void smoot_sigmoid_backward_f32(size_t count, const float *y, const float *dy, float *dx);
/// y = x P(X <= x) for a standard normal X: the exact form with erf.
void smoot_gelu_forward_f32(size_t count, const float *x, float *y);
/// dx = dy times the derivative of GELU at x.
void smoot_gelu_backward_f32(size_t count, const float *x, const float *dy, float *dx);
/// y = GELU of x, and slope = its derivative there, which is what the backward pass needs. `x` may be `slope`, but not `y`.
void smoot_gelu_with_slope_f32(size_t count, const float *x, float *y, float *slope);
/// The same, both rounded.
void smoot_gelu_with_slope_bfloat16(size_t count, const float *x, smoot_bfloat16 *y, smoot_bfloat16 *slope);
/// dx = dy times the slope in each of `rows` rows; sums [columns] += these products, from the first row to the last, unless it is NULL.
void smoot_slope_backward_f32(size_t rows, size_t columns, const float *slope, const float *dy, float *dx, float *sums);
/// The same with a rounded slope; the products are rounded after they are summed.
void smoot_slope_backward_bfloat16(size_t rows, size_t columns, const smoot_bfloat16 *slope, const float *dy,
                                   smoot_bfloat16 *dx, float *sums);

#endif
