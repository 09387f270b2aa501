// Layer normalization of rows, and batch normalization of columns (channels-last images seen as [pixels][channels]).
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

/// sums [columns] += each column's sum, and squares [columns] += the sum of its squares, in double precision. Parts of a batch are put together by adding theirs.
void smoot_batch_norm_sums_f32(size_t rows, size_t columns, const float *x, double *sums, double *squares);
/// means, variances (biased) and inverses (1 / sqrt(variance + epsilon)) [columns] from the sums over `rows` rows.
void smoot_batch_norm_statistics_f32(size_t rows, size_t columns, const double *sums, const double *squares,
                                     float epsilon, float *means, float *variances, float *inverses);
/// y = (x - mean) inverse scale + shift of each column. `x` and `y` may be the same.
void smoot_batch_norm_forward_f32(size_t rows, size_t columns, const float *x, const float *means,
                                  const float *inverses, const float *scale, const float *shift, float *y);
/// The same, then `addend` [rows][columns] added unless it is NULL, and what is below zero set to zero.
void smoot_batch_norm_relu_forward_f32(size_t rows, size_t columns, const float *x, const float *means,
                                       const float *inverses, const float *scale, const float *shift,
                                       const float *addend, float *y);
/// sums [columns] += the sum of dy (the gradient of shift), and products [columns] += that of dy (x - mean) inverse (the gradient of scale), in double precision. Where a ReLU
/// without an addend follows, `shift` is not NULL and dy is the gradient behind it.
void smoot_batch_norm_backward_sums_f32(size_t rows, size_t columns, const float *x, const float *means,
                                        const float *inverses, const float *scale, const float *shift,
                                        const float *dy, double *sums, double *products);
/// The gradients of y = max(0, x scale + addend), given dy: dx, and that of the addend unless `daddend` is NULL. `y` is NULL where there are neither an addend nor a ReLU.
void smoot_scaled_relu_backward_f32(size_t rows, size_t columns, const float *y, const float *scale, const float *dy,
                                    float *daddend, float *dx);
/// dx of `rows` rows of a batch of `batch_rows`, with the sums over the whole batch; both NULL when mean and variance are constants (evaluation). `shift` as above.
void smoot_batch_norm_backward_f32(size_t rows, size_t columns, size_t batch_rows, const float *x, const float *means,
                                   const float *inverses, const float *scale, const float *shift, const float *dy,
                                   const double *sums, const double *products, float *dx);

#endif
