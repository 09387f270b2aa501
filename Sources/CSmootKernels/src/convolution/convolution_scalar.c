// Convolution in plain loops: what the vector kernels are checked against.
#include "convolution_variants.h"

static size_t taps(const smoot_convolution_shape *s) {
  return s->kernel_height * s->kernel_width * s->input_channels;
}

static size_t packed_count(const smoot_convolution_shape *s) { return taps(s) * s->output_channels; }

static void pack(const smoot_convolution_shape *s, const float *weight, float *packed) {
  memcpy(packed, weight, packed_count(s) * sizeof(float));
}

/// Where in the image tap (kernel row, kernel column, input channel) of the output pixel (r, c) lies.
static size_t place(const smoot_convolution_shape *s, size_t r, size_t c, size_t tap) {
  size_t in = tap % s->input_channels, kernel = tap / s->input_channels;
  size_t row = r * s->stride + kernel / s->kernel_width * s->dilation;
  size_t column = c * s->stride + kernel % s->kernel_width * s->dilation;
  return (row * s->input_width + column) * s->input_channels + in;
}

static float output(const smoot_convolution_shape *s, const float *x, const float *weight, const float *bias,
                    size_t r, size_t c, size_t o) {
  float sum = bias ? bias[o] : 0;
  for (size_t tap = 0; tap < taps(s); tap++) sum += x[place(s, r, c, tap)] * weight[tap * s->output_channels + o];
  return sum;
}

static void forward(const smoot_convolution_shape *s, const float *x, const float *packed, const float *bias,
                    smoot_convolution_epilogue epilogue, float *y) {
  size_t height = smoot_convolution_output_height(s), width = smoot_convolution_output_width(s);
  for (size_t r = 0; r < height; r++) {
    for (size_t c = 0; c < width; c++) {
      for (size_t o = 0; o < s->output_channels; o++) {
        float value = output(s, x, packed, bias, r, c, o);
        *y++ = epilogue == SMOOT_EPILOGUE_RELU && value < 0 ? 0 : value;
      }
    }
  }
}

static void relu_maxpool_forward(const smoot_convolution_shape *s, const float *x, const float *packed,
                                 const float *bias, float *pooled, uint8_t *source, float *scratch) {
  (void)scratch;
  size_t height = smoot_convolution_output_height(s), width = smoot_convolution_output_width(s);
  for (size_t r = 0; r + 1 < height; r += 2) {
    for (size_t c = 0; c + 1 < width; c += 2) {
      for (size_t o = 0; o < s->output_channels; o++) {
        float best = output(s, x, packed, bias, r, c, o);
        uint8_t from = 0;
        for (uint8_t k = 1; k < 4; k++) {
          float value = output(s, x, packed, bias, r + (k >> 1), c + (k & 1), o);
          if (value > best || value != value) {
            best = value;
            from = k;
          }
        }
        *pooled++ = best <= 0 ? 0 : best;
        *source++ = best <= 0 ? SMOOT_POOL_CLOSED : from;
      }
    }
  }
}

static void pool_rows(size_t width, size_t channels, const float *rows, float *pooled, uint8_t *source) {
  for (size_t c = 0; c + 1 < width; c += 2) {
    for (size_t o = 0; o < channels; o++) {
      const float *corner = rows + c * channels + o;
      float best = *corner;
      uint8_t from = 0;
      for (uint8_t k = 1; k < 4; k++) {
        float value = corner[((k >> 1) * width + (k & 1)) * channels];
        if (value > best || value != value) {
          best = value;
          from = k;
        }
      }
      *pooled++ = best <= 0 ? 0 : best;
      *source++ = best <= 0 ? SMOOT_POOL_CLOSED : from;
    }
  }
}

static void weight_gradient(const smoot_convolution_shape *s, const float *x, const float *dy, float *dweight) {
  size_t height = smoot_convolution_output_height(s), width = smoot_convolution_output_width(s);
  for (size_t r = 0; r < height; r++) {
    for (size_t c = 0; c < width; c++, dy += s->output_channels) {
      for (size_t tap = 0; tap < taps(s); tap++) {
        for (size_t o = 0; o < s->output_channels; o++) {
          dweight[tap * s->output_channels + o] += x[place(s, r, c, tap)] * dy[o];
        }
      }
    }
  }
}

static void relu_backward(const smoot_convolution_shape *s, const float *x, const float *y, const float *weight,
                          float *dy, float *dweight, float *dbias, float *dx) {
  size_t height = smoot_convolution_output_height(s), width = smoot_convolution_output_width(s);
  if (dx) memset(dx, 0, s->input_height * s->input_width * s->input_channels * sizeof *dx);
  for (size_t r = 0; r < height; r++) {
    for (size_t c = 0; c < width; c++) {
      for (size_t o = 0; o < s->output_channels; o++, y++, dy++) {
        if (!(*y > 0)) *dy = 0;
        if (dbias) dbias[o] += *dy;
        for (size_t tap = 0; tap < taps(s); tap++) {
          size_t at = place(s, r, c, tap), w = tap * s->output_channels + o;
          if (dweight) dweight[w] += x[at] * *dy;
          if (dx) dx[at] += weight[w] * *dy;
        }
      }
    }
  }
}

static size_t relu_maxpool_backward_scratch(const smoot_convolution_shape *s) {
  (void)s;
  return 0;
}

static void relu_maxpool_backward(const smoot_convolution_shape *s, const float *x, const float *weight_transposed,
                                  const uint8_t *source, const float *dpooled, float *dx, float *dweight_transposed,
                                  float *dbias, void *scratch) {
  (void)scratch;
  size_t rows = smoot_convolution_output_height(s) / 2, columns = smoot_convolution_output_width(s) / 2;
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < columns; c++) {
      for (size_t o = 0; o < s->output_channels; o++) {
        float gradient = *dpooled++;
        uint8_t from = *source++;
        if (from == SMOOT_POOL_CLOSED) continue;
        if (dbias) dbias[o] += gradient;
        for (size_t tap = 0; tap < taps(s); tap++) {
          size_t at = place(s, 2 * r + (from >> 1), 2 * c + (from & 1), tap);
          if (dx) dx[at] += gradient * weight_transposed[o * taps(s) + tap];
          if (dweight_transposed) dweight_transposed[o * taps(s) + tap] += gradient * x[at];
        }
      }
    }
  }
}

static double peak(size_t iterations, float *sink) {
  float sum[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  for (size_t k = 0; k < iterations; k++) {
    for (int i = 0; i < 8; i++) sum[i] = sum[i] * 1.0000001f + 1e-9f;
  }
  for (int i = 0; i < 8; i++) *sink += sum[i];
  return 16.0 * (double)iterations;
}

const smoot_convolution_kernels smoot_convolution_kernels__scalar = {
    packed_count, pack, forward, relu_maxpool_forward, pool_rows, weight_gradient, relu_maxpool_backward_scratch,
    relu_maxpool_backward, relu_backward, peak,
};
