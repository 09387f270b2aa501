// Batch normalization of columns: channels-last images seen as [pixels][channels].
//
// Images `x`, results `y`, addends and their gradients are numbers of one kind, which `kind` tells; all is computed in float32 from their values, and results are rounded to their kind.
#ifndef SMOOT_BATCH_NORM_H
#define SMOOT_BATCH_NORM_H

#include <stddef.h>

#include "smoot_number.h"

/// sums [columns] += each column's sum, and squares [columns] += the sum of its squares, in double precision; of bfloat16 numbers those of eight rows are summed in float32 first. Parts of a
/// batch are put together by adding theirs.
void smoot_batch_norm_sums(smoot_number kind, size_t rows, size_t columns, const void *x, double *sums, double *squares);
/// means, variances (biased) and inverses (1 / sqrt(variance + epsilon)) [columns] from the sums over `rows` rows.
void smoot_batch_norm_statistics(size_t rows, size_t columns, const double *sums, const double *squares, float epsilon,
                                 float *means, float *variances, float *inverses);
/// y = (x - mean) inverse scale + shift of each column, `addend` [rows][columns] added unless it is NULL, and what is below zero set to zero if `rectifies` is not 0.
void smoot_batch_norm_forward(smoot_number kind, size_t rows, size_t columns, const void *x, const float *means,
                              const float *inverses, const float *scale, const float *shift, const void *addend,
                              int rectifies, void *y);
/// sums [columns] += the sum of dy (the gradient of shift), and products [columns] += that of dy (x - mean) inverse (the gradient of scale), as above. Where a ReLU follows, dy is the
/// gradient behind it. Without an addend, `shift` is then not NULL; with one, `y` is not, and `opened` [rows][columns] gets the gradient before the ReLU.
void smoot_batch_norm_backward_sums(smoot_number kind, size_t rows, size_t columns, const void *x, const float *means,
                                    const float *inverses, const float *scale, const float *shift, const void *y,
                                    const void *dy, void *opened, double *sums, double *products);
/// dx, given centers and slopes [columns], the means over the whole batch of dy and of dy (x - mean) inverse; both NULL when mean and variance are constants (evaluation). `shift` as above.
void smoot_batch_norm_backward(smoot_number kind, size_t rows, size_t columns, const void *x, const float *means,
                               const float *inverses, const float *scale, const float *shift, const void *dy,
                               const float *centers, const float *slopes, void *dx);
/// The gradients of y = max(0, x scale + addend), given dy: dx, and that of the addend unless `daddend` is NULL. `y` is NULL where there are neither an addend nor a ReLU.
void smoot_scaled_relu_backward(smoot_number kind, size_t rows, size_t columns, const void *y, const float *scale,
                                const void *dy, void *daddend, void *dx);

#endif
