// Arithmetic on runs of floats, the optimizers' updates, and random numbers.
#ifndef SMOOT_POINTWISE_H
#define SMOOT_POINTWISE_H

#include <stddef.h>
#include <stdint.h>

/// y += x.
void smoot_add_f32(size_t count, const float *x, float *y);
/// y += factor x.
void smoot_add_scaled_f32(size_t count, float factor, const float *x, float *y);
/// y = a + b.
void smoot_sum_f32(size_t count, const float *a, const float *b, float *y);
/// y = a b, element by element.
void smoot_multiply_f32(size_t count, const float *a, const float *b, float *y);
/// y = max(x, 0); a NaN stays a NaN. `x` and `y` may be the same.
void smoot_relu_forward_f32(size_t count, const float *x, float *y);
/// dx = dy where y > 0, else 0: ReLU's gradient, told by its output, and 0 at 0. `dx` and `dy` may be the same.
void smoot_relu_backward_f32(size_t count, const float *y, const float *dy, float *dx);
/// Where x is larger than the best so far, or a NaN, it becomes the best, and its place that of the first x plus its number.
void smoot_larger_f32(size_t count, int32_t place, const float *x, float *best, int32_t *places);
/// Each of `rows` rows of y += bias [columns].
void smoot_bias_add_f32(size_t rows, size_t columns, const float *bias, float *y);
/// Each of `rows` rows of y = max(y + bias [columns], 0).
void smoot_bias_relu_f32(size_t rows, size_t columns, const float *bias, float *y);
/// sums [columns] += the sum of each column of x [rows][columns], from the first row to the last.
void smoot_column_sums_f32(size_t rows, size_t columns, const float *x, float *sums);
/// y = x table[channel]: bytes [channels][plane] to floats by a table of 256 values for each channel.
void smoot_bytes_to_f32(size_t channels, size_t plane, const uint8_t *x, const float *tables, float *y);
/// The sum of the squares, in double precision, from the first to the last of eight interleaved sums.
double smoot_sum_of_squares_f32(size_t count, const float *x);
/// 1 when no element is infinite or NaN.
int smoot_is_finite_f32(size_t count, const float *x);
/// x *= factor.
void smoot_scale_f32(size_t count, float factor, float *x);
/// average = decay average + (1 - decay) x.
void smoot_moving_average_f32(size_t count, float decay, const float *x, float *average);

/// One step of Adadelta (Zeiler 2012) in PyTorch's form: v = rho v + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(v + eps) g; u = rho u + (1 - rho) d^2; w -= rate d.
void smoot_adadelta_f32(size_t count, float rate, float rho, float epsilon, float decay, const float *gradient,
                        float *square_average, float *accumulated_delta, float *weight);
/// One step of SGD: g += decay w; m = momentum m + g (m = g in the first step); w -= rate (nesterov ? g + momentum m : m).
void smoot_sgd_f32(size_t count, float rate, float momentum, int nesterov, int is_first, float decay,
                   const float *gradient, float *buffer, float *weight);
/// One step of AdamW: w *= 1 - rate decay; m and v as Adam's; w -= rate / correction1 m / (sqrt(v) / sqrt(correction2) + epsilon).
void smoot_adamw_f32(size_t count, float rate, float beta1, float beta2, float epsilon, float decay,
                     float correction1, float correction2, const float *gradient, float *first, float *second,
                     float *weight);

/// Values `first` to `first + count - 1` of a Philox4x32-10 stream, as numbers in [0, 1) that are multiples of 2^-24.
void smoot_uniform_f32(uint64_t key, uint64_t stream, uint64_t first, size_t count, float *values);
/// Standard normal numbers `first` to `first + count - 1` of a stream: number i is sqrt(-2 log(1 - u)) cos(2 pi v), with u and v the uniform numbers 2 i and 2 i + 1 (Box and Muller 1958). Computed in
/// double precision in steps that round the same everywhere, so that all levels and processors give the same bits.
void smoot_normal_f32(uint64_t key, uint64_t stream, uint64_t first, size_t count, float *values);
/// y = x / (1 - rate) where value i of the stream is at least `rate`, else 0. The gradient is the same function of dy. `first` is the index of x[0]; a multiple of 4.
void smoot_dropout_f32(uint64_t key, uint64_t stream, uint64_t first, size_t count, float rate, const float *x,
                       float *y);

#endif
