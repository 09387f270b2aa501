// 3x3 convolution with a stride of 1 or 2 and a padding of at most 1 by Winograd's minimal filtering F(4x4, 3x3), and its gradients.
//
// A 6x6 patch d of the input and the 3x3 kernel g give a 4x4 tile of the output as A^T [(G g G^T) . (B^T d B)] A: 36 multiplications where the direct sum needs 144. Summed over
// the input channels, the products at each of the 36 points are products of matrices. The weight gradient is the transpose of the same algorithm: G^T [(B^T d B) . (A e A^T)] G,
// summed over all tiles, with e a 4x4 tile of the output's gradient. The input gradient is the convolution of the output's gradient with the weights turned around.
//
// The points of interpolation are 0, 3/4, -3/4, 3/2, -3/2 and infinity: all entries of A and B are exact in binary, and the largest error is a quarter of that of the usual points 0,
// 1, -1, 2, -2. For inputs and weights from normal distributions the root of the mean squared error is about 7e-7 (64 channels) to 2e-6 (512) of the output's; the direct sum has
// a fifth of that. One NaN or infinity makes its whole tile NaN.
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016; the matrices for other points after Barabasz et al., Error Analysis and Improving the Accuracy of
// Winograd Convolution for Deep Neural Networks, 2020.
//
// Images are numbers of one kind, which `kind` tells. With bfloat16 the transformed numbers are rounded as well before they are multiplied; sums are float32, and so are transforms and weights. Every number of the transforms is a difference of larger ones, so that the
// error is four times that of a direct sum of rounded numbers: 1 % of the output's root mean square instead of 0.23 %.
//
// With a stride of 2 the pixels of odd and of even rows and columns are convolved by themselves: along an axis the outer two taps meet the one half, by F(4, 2) with the points 0, 3/4, -3/4,
// 3/2 and infinity, and the middle tap the other half, for which infinity is not needed. A 9x9 patch gives a 4x4 tile with 81 multiplications instead of 144; the sums are taken at 25
// points.
//
// The gradient of the images with a stride of 2 is the same turned around: odd pixels come from the outer taps by F(4, 2), even ones from the middle tap, and a 5x5 patch of the output's
// gradient gives an 8x8 tile with 81 multiplications instead of 144.
//
// Images are [batch][height][width][channels], weights [3][3][input channels][output channels]. A pass is cut into tasks, which may run in any order and on any thread; the cut
// depends on the shape alone.
#ifndef SMOOT_WINOGRAD_H
#define SMOOT_WINOGRAD_H

#include <stddef.h>

#include "smoot_epilogue.h"
#include "smoot_number.h"

/// The extents of the convolution; images of the output have (height + 2 padding - 3) / stride + 1 rows. Gradients of images are those for a padding of 1, gradients of weights for a stride
/// of 1 as well.
typedef struct smoot_winograd_shape {
  size_t batch, height, width, padding, stride;
  size_t input_channels, output_channels;
} smoot_winograd_shape;

/// Whether the method serves so many channels: multiples of 16, and not more than fit into a thread's scratch.
int smoot_winograd_f4x4_serves(size_t input_channels, size_t output_channels);

/// How many floats the transformed weights have at most; half of them where they are rounded.
size_t smoot_winograd_f4x4_packed_count(size_t input_channels, size_t output_channels, size_t stride,
                                        int turned_around);
/// The transformed weights of the output channels `first` to `last`; `first` is a multiple of 64, and `packed` the place of all of them. Returns 0, or -1 when there is no memory left.
int smoot_winograd_f4x4_pack(smoot_number kind, size_t input_channels, size_t output_channels, size_t stride,
                             size_t first, size_t last, const float *weight, float *packed);
/// The transformed weights of the input gradient, a convolution from output to input channels with the kernel turned around; `first` and `last` are input channels.
int smoot_winograd_f4x4_pack_transposed(smoot_number kind, size_t input_channels, size_t output_channels, size_t stride,
                                        size_t first, size_t last, const float *weight, float *packed);

/// How many tasks the convolution is.
size_t smoot_winograd_f4x4_tasks(const smoot_winograd_shape *shape);
/// One task of y = x * weight, and the epilogue. Returns 0, or -1 when there is no memory left.
int smoot_winograd_f4x4_forward(smoot_number kind, const smoot_winograd_shape *shape, size_t task, const void *x,
                                const float *packed, const smoot_epilogue *epilogue, void *y);
/// The same in float32 for a stride of 1, and of each whole window of 2x2 pixels the maximum: y [batch][output height / 2][output width / 2][output channels]. The epilogue has no addend.
int smoot_winograd_f4x4_maxpool_f32(const smoot_winograd_shape *shape, size_t task, const float *x,
                                    const float *packed, const smoot_epilogue *epilogue, float *y);

/// How many tasks the gradient of the images is.
size_t smoot_winograd_f4x4_input_gradient_tasks(const smoot_winograd_shape *shape);
/// One task of dx = the gradient of the images, given dy, and the epilogue. Returns 0, or -1 when there is no memory left.
int smoot_winograd_f4x4_input_gradient(smoot_number kind, const smoot_winograd_shape *shape, size_t task,
                                       const void *dy, const float *packed, const smoot_epilogue *epilogue, void *dx);

/// Into how many parts the tiles are cut whose weight gradients are summed separately.
size_t smoot_winograd_f4x4_parts(const smoot_winograd_shape *shape);
/// How many tasks the weight gradient is.
size_t smoot_winograd_f4x4_gradient_tasks(const smoot_winograd_shape *shape);
/// One task of sums [parts][3][3][input channels][output channels] = the gradient of the weights, given dy. Returns 0, or -1 when there is no memory left.
int smoot_winograd_f4x4_weight_gradient(smoot_number kind, const smoot_winograd_shape *shape, size_t task,
                                        const void *x, const void *dy, float *sums);

#endif
