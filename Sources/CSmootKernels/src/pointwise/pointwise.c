// Chooses the kernels of the current level.
#include "pointwise_variants.h"
#include "smoot_kernel_level.h"

static const smoot_pointwise_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_pointwise_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_pointwise_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_pointwise_kernels__scalar;
}

void smoot_add_f32(size_t count, const float *x, float *y) { kernels()->add(count, x, y); }

void smoot_add_scaled_f32(size_t count, float factor, const float *x, float *y) {
  kernels()->add_scaled(count, factor, x, y);
}

void smoot_sum_f32(size_t count, const float *a, const float *b, float *y) { kernels()->sum(count, a, b, y); }

void smoot_multiply_f32(size_t count, const float *a, const float *b, float *y) {
  kernels()->multiply(count, a, b, y);
}

void smoot_relu_forward_f32(size_t count, const float *x, float *y) { kernels()->relu_forward(count, x, y); }

void smoot_relu_backward_f32(size_t count, const float *y, const float *dy, float *dx) {
  kernels()->relu_backward(count, y, dy, dx);
}

void smoot_larger_f32(size_t count, int32_t place, const float *x, float *best, int32_t *places) {
  kernels()->larger(count, place, x, best, places);
}

void smoot_bias_add_f32(size_t rows, size_t columns, const float *bias, float *y) {
  kernels()->bias_add(rows, columns, bias, y);
}

void smoot_bias_relu_f32(size_t rows, size_t columns, const float *bias, float *y) {
  kernels()->bias_relu(rows, columns, bias, y);
}

void smoot_column_sums_f32(size_t rows, size_t columns, const float *x, float *sums) {
  kernels()->column_sums(rows, columns, x, sums);
}

void smoot_bytes_to_f32(size_t channels, size_t plane, const uint8_t *x, const float *tables, float *y) {
  for (size_t c = 0; c < channels; c++, tables += 256) {
    for (size_t i = 0; i < plane; i++) *y++ = tables[*x++];
  }
}

double smoot_sum_of_squares_f32(size_t count, const float *x) { return kernels()->sum_of_squares(count, x); }

int smoot_is_finite_f32(size_t count, const float *x) { return kernels()->is_finite(count, x); }

void smoot_scale_f32(size_t count, float factor, float *x) { kernels()->scale(count, factor, x); }

void smoot_moving_average_f32(size_t count, float decay, const float *x, float *average) {
  kernels()->moving_average(count, decay, x, average);
}

void smoot_adadelta_f32(size_t count, float rate, float rho, float epsilon, float decay, const float *gradient,
                        float *square_average, float *accumulated_delta, float *weight) {
  kernels()->adadelta(count, rate, rho, epsilon, decay, gradient, square_average, accumulated_delta, weight);
}

void smoot_sgd_f32(size_t count, float rate, float momentum, int nesterov, int is_first, float decay,
                   const float *gradient, float *buffer, float *weight) {
  kernels()->sgd(count, rate, momentum, nesterov, is_first, decay, gradient, buffer, weight);
}

void smoot_adamw_f32(size_t count, float rate, float beta1, float beta2, float epsilon, float decay,
                     float correction1, float correction2, const float *gradient, float *first, float *second,
                     float *weight) {
  kernels()->adamw(count, rate, beta1, beta2, epsilon, decay, correction1, correction2, gradient, first, second, weight);
}

void smoot_uniform_f32(uint64_t key, uint64_t stream, uint64_t first, size_t count, float *values) {
  kernels()->uniform(key, stream, first, count, values);
}

void smoot_normal_f32(uint64_t key, uint64_t stream, uint64_t first, size_t count, float *values) {
  kernels()->normal(key, stream, first, count, values);
}

void smoot_dropout_f32(uint64_t key, uint64_t stream, uint64_t first, size_t count, float rate, const float *x,
                       float *y) {
  kernels()->dropout(key, stream, first, count, rate, x, y);
}
