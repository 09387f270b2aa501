// Two-dimensional convolution of one channels-last image, its gradients, and its fusion with ReLU and max-pooling.
//
// Images are [height][width][channels]. Weights are [kernel height][kernel width][input channels][output channels]. Nothing is padded here: the caller hands in images that
// are padded already (smoot_pad_f32), and gets the gradient of the padded image.
#ifndef SMOOT_CONVOLUTION_H
#define SMOOT_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

/// The extents of a convolution of an image that needs no padding.
typedef struct smoot_convolution_shape {
  size_t input_height, input_width, input_channels;
  size_t output_channels;
  size_t kernel_height, kernel_width;
  size_t stride, dilation;
} smoot_convolution_shape;

/// Rows of the output: (input_height - dilation (kernel_height - 1) - 1) / stride + 1.
size_t smoot_convolution_output_height(const smoot_convolution_shape *shape);
/// Columns of the output.
size_t smoot_convolution_output_width(const smoot_convolution_shape *shape);

/// How many floats smoot_convolution_pack_f32 writes.
size_t smoot_convolution_packed_count(const smoot_convolution_shape *shape);
/// Orders weights [kh][kw][in][out] as the forward kernel of the current level reads them.
void smoot_convolution_pack_f32(const smoot_convolution_shape *shape, const float *weight, float *packed);

/// What a forward pass computes after adding the bias.
typedef enum smoot_convolution_epilogue {
  SMOOT_EPILOGUE_NONE = 0,
  SMOOT_EPILOGUE_RELU = 1,
} smoot_convolution_epilogue;

/// y [oh][ow][out] = x * weight + bias, with the epilogue applied. `bias` may be NULL.
void smoot_convolution_forward_f32(const smoot_convolution_shape *shape, const float *x, const float *packed,
                                   const float *bias, smoot_convolution_epilogue epilogue, float *y);

/// In `source` of the pooled forward pass: no gradient flows, because the maximum is not above zero.
#define SMOOT_POOL_CLOSED 4

/// pooled [oh / 2][ow / 2][out] = the maximum of each 2x2 window of ReLU(x * weight + bias).
///
/// `source` tells where each maximum lies in its window, 0 to 3 in row-major order, the first where several are equal, or SMOOT_POOL_CLOSED. `scratch` holds two rows of the
/// output: 2 ow out floats. An odd last row or column is left out, as PyTorch does.
void smoot_convolution_relu_maxpool_forward_f32(const smoot_convolution_shape *shape, const float *x,
                                                const float *packed, const float *bias, float *pooled,
                                                uint8_t *source, float *scratch);

/// Two rows [2][width][channels] of a convolution -> one row of the pooled forward pass and its source.
void smoot_relu_maxpool_rows_f32(size_t width, size_t channels, const float *rows, float *pooled, uint8_t *source);

/// How many bytes of scratch smoot_convolution_relu_maxpool_backward_f32 needs.
size_t smoot_convolution_relu_maxpool_backward_scratch(const smoot_convolution_shape *shape);

/// The gradients of smoot_convolution_relu_maxpool_forward_f32, for a stride and a dilation of 1.
///
/// Each pooled value sends its gradient to one of four places at most, and ReLU and dropout close many: at least three quarters of the convolution's output gradient is zero.
/// It is never made; the loops visit what is not zero. Weights and their gradient are [out][kh][kw][in] here (smoot_convolution_transpose_f32). Each of the results may be
/// NULL: `dx` [ih][iw][in], `dweight` and `dbias` [out] are added to.
void smoot_convolution_relu_maxpool_backward_f32(const smoot_convolution_shape *shape, const float *x,
                                                 const float *weight_transposed, const uint8_t *source,
                                                 const float *dpooled, float *dx, float *dweight_transposed,
                                                 float *dbias, void *scratch);

/// The gradients of smoot_convolution_forward_f32 with a ReLU, whose output is `y`, for few weights of an output.
///
/// dy [oh][ow][out] becomes zero where y is not above zero. Weights and their gradient are [kh][kw][in][out]. `dweight` and `dbias` [out], which are added to, may be NULL, both or
/// neither; so may `dx` [ih][iw][in], which is set.
void smoot_convolution_relu_backward_f32(const smoot_convolution_shape *shape, const float *x, const float *y,
                                         const float *weight, float *dy, float *dweight, float *dbias, float *dx);

/// [kh kw in][out] -> [out][kh kw in].
void smoot_convolution_transpose_f32(const smoot_convolution_shape *shape, const float *weight, float *transposed);
/// [out][kh kw in] -> [kh kw in][out], added to `weight` times one.
void smoot_convolution_transpose_back_f32(const smoot_convolution_shape *shape, const float *transposed,
                                          float *weight);

/// dweight [kh][kw][in][out] += the gradient with respect to the weights, given dy [oh][ow][out].
void smoot_convolution_weight_gradient_f32(const smoot_convolution_shape *shape, const float *x, const float *dy,
                                           float *dweight);

/// dx [ih][iw][in] += the products [oh][ow][kh kw in] of an output gradient with the transposed weights: the input gradient by way of columns, for few input channels.
void smoot_convolution_scatter_columns_f32(const smoot_convolution_shape *shape, const float *columns, float *dx);

/// An image [height][width][channels] with `padding` rows and columns of zeros around it.
void smoot_pad_f32(size_t height, size_t width, size_t channels, size_t padding, const float *x, float *padded);
/// The inside of a padded image: the reverse of smoot_pad_f32.
void smoot_crop_f32(size_t height, size_t width, size_t channels, size_t padding, const float *padded, float *x);

/// Runs fused multiply-adds on registers alone; returns how many floating point operations that were. `sink` keeps the loop alive.
double smoot_peak_f32(size_t iterations, float *sink);

#endif
