// Softmax of the rows of a matrix, and the losses that are made of it.
//
// Rows are [columns] floats, one after the other. A row with an infinite greatest element, or with a NaN, becomes NaN throughout.
#ifndef SMOOT_SOFTMAX_H
#define SMOOT_SOFTMAX_H

#include <stddef.h>
#include <stdint.h>

/// y = exp(x - max x) / sum exp(x - max x) of each row. `x` and `y` may be the same.
void smoot_softmax_forward_f32(size_t rows, size_t columns, const float *x, float *y);
/// dx = y (dy - sum y dy) of each row; `y` is the softmax. `dy` and `dx` may be the same.
void smoot_softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy, float *dx);
/// y = x - max x - log sum exp(x - max x) of each row. `x` and `y` may be the same.
void smoot_log_softmax_forward_f32(size_t rows, size_t columns, const float *x, float *y);
/// dx = dy - exp(y) sum dy of each row; `y` is the log-softmax. `dy` and `dx` may be the same.
void smoot_log_softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy, float *dx);

/// losses [rows] = -sum_c t_c log softmax(logits)_c; slopes [rows][columns] = scale (softmax(logits) - t), with t = smoothing / columns, plus 1 - smoothing at the label.
/// `scale` is 1 / batch for the mean over a batch. Each label lies in 0..<columns.
void smoot_cross_entropy_f32(size_t rows, size_t columns, const float *logits, const int32_t *labels, float smoothing,
                             float scale, float *losses, float *slopes);

/// A measure of how far a distribution q lies from p.
typedef enum smoot_divergence {
  SMOOT_DIVERGENCE_FORWARD = 0,         ///< KL(p || q) = sum p (log p - log q)
  SMOOT_DIVERGENCE_REVERSE = 1,         ///< KL(q || p)
  SMOOT_DIVERGENCE_JENSEN_SHANNON = 2,  ///< (KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2
} smoot_divergence;

/// values [rows] = the divergence of q = softmax(logits_q) from p = softmax(logits_p); slope_p, slope_q [rows][columns] = `scale` times its gradients with respect to both logits.
void smoot_divergence_f32(smoot_divergence kind, size_t rows, size_t columns, const float *logits_p,
                          const float *logits_q, float scale, float *values, float *slope_p, float *slope_q);

#endif
