// Chooses the kernels of the current level, and what all levels share.
#include "convolution_variants.h"
#include "smoot_kernel_level.h"

static const smoot_convolution_kernels *kernels(void) {
#if defined(__x86_64__)
  switch (smoot_kernel_level_current()) {
    case SMOOT_KERNEL_AVX512: return &smoot_convolution_kernels__avx512;
    case SMOOT_KERNEL_AVX2: return &smoot_convolution_kernels__avx2;
    case SMOOT_KERNEL_SCALAR: break;
  }
#endif
  return &smoot_convolution_kernels__scalar;
}

static size_t extent(size_t input, size_t kernel, size_t stride, size_t dilation) {
  size_t reach = dilation * (kernel - 1) + 1;
  return input < reach ? 0 : (input - reach) / stride + 1;
}

size_t smoot_convolution_output_height(const smoot_convolution_shape *s) {
  return extent(s->input_height, s->kernel_height, s->stride, s->dilation);
}

size_t smoot_convolution_output_width(const smoot_convolution_shape *s) {
  return extent(s->input_width, s->kernel_width, s->stride, s->dilation);
}

size_t smoot_convolution_packed_count(const smoot_convolution_shape *s) { return kernels()->packed_count(s); }

void smoot_convolution_pack_f32(const smoot_convolution_shape *s, const float *weight, float *packed) {
  kernels()->pack(s, weight, packed);
}

void smoot_convolution_forward_f32(const smoot_convolution_shape *s, const float *x, const float *packed,
                                   const float *bias, smoot_convolution_epilogue epilogue, float *y) {
  kernels()->forward(s, x, packed, bias, epilogue, y);
}

void smoot_convolution_relu_maxpool_forward_f32(const smoot_convolution_shape *s, const float *x,
                                                const float *packed, const float *bias, float *pooled,
                                                uint8_t *source, float *scratch) {
  kernels()->relu_maxpool_forward(s, x, packed, bias, pooled, source, scratch);
}

void smoot_relu_maxpool_rows_f32(size_t width, size_t channels, const float *rows, float *pooled, uint8_t *source) {
  kernels()->pool_rows(width, channels, rows, pooled, source);
}

size_t smoot_convolution_relu_maxpool_backward_scratch(const smoot_convolution_shape *s) {
  return kernels()->relu_maxpool_backward_scratch(s);
}

void smoot_convolution_relu_maxpool_backward_f32(const smoot_convolution_shape *s, const float *x,
                                                 const float *weight_transposed, const uint8_t *source,
                                                 const float *dpooled, float *dx, float *dweight_transposed,
                                                 float *dbias, void *scratch) {
  kernels()->relu_maxpool_backward(s, x, weight_transposed, source, dpooled, dx, dweight_transposed, dbias, scratch);
}

void smoot_convolution_relu_backward_f32(const smoot_convolution_shape *s, const float *x, const float *y,
                                         const float *weight, float *dy, float *dweight, float *dbias, float *dx) {
  kernels()->relu_backward(s, x, y, weight, dy, dweight, dbias, dx);
}

void smoot_convolution_weight_gradient_f32(const smoot_convolution_shape *s, const float *x, const float *dy,
                                           float *dweight) {
  kernels()->weight_gradient(s, x, dy, dweight);
}

static size_t taps(const smoot_convolution_shape *s) {
  return s->kernel_height * s->kernel_width * s->input_channels;
}

void smoot_convolution_transpose_f32(const smoot_convolution_shape *s, const float *weight, float *transposed) {
  for (size_t tap = 0; tap < taps(s); tap++) {
    for (size_t o = 0; o < s->output_channels; o++) transposed[o * taps(s) + tap] = *weight++;
  }
}

void smoot_convolution_transpose_back_f32(const smoot_convolution_shape *s, const float *transposed, float *weight) {
  for (size_t tap = 0; tap < taps(s); tap++) {
    for (size_t o = 0; o < s->output_channels; o++) *weight++ += transposed[o * taps(s) + tap];
  }
}

void smoot_convolution_scatter_columns_f32(const smoot_convolution_shape *s, const float *columns, float *dx) {
  size_t height = smoot_convolution_output_height(s), width = smoot_convolution_output_width(s);
  size_t in = s->input_channels;
  for (size_t r = 0; r < height; r++) {
    for (size_t c = 0; c < width; c++) {
      for (size_t i = 0; i < s->kernel_height; i++) {
        for (size_t j = 0; j < s->kernel_width; j++) {
          float *to = dx + ((r * s->stride + i * s->dilation) * s->input_width + c * s->stride + j * s->dilation) * in;
          for (size_t k = 0; k < in; k++) to[k] += *columns++;
        }
      }
    }
  }
}

void smoot_pad_f32(size_t height, size_t width, size_t channels, size_t padding, const float *x, float *padded) {
  size_t row = (width + 2 * padding) * channels;
  memset(padded, 0, (height + 2 * padding) * row * sizeof(float));
  for (size_t r = 0; r < height; r++) {
    memcpy(padded + (r + padding) * row + padding * channels, x + r * width * channels, width * channels * sizeof(float));
  }
}

void smoot_crop_f32(size_t height, size_t width, size_t channels, size_t padding, const float *padded, float *x) {
  size_t row = (width + 2 * padding) * channels;
  for (size_t r = 0; r < height; r++) {
    memcpy(x + r * width * channels, padded + (r + padding) * row + padding * channels, width * channels * sizeof(float));
  }
}

double smoot_peak_f32(size_t iterations, float *sink) { return kernels()->peak(iterations, sink); }
