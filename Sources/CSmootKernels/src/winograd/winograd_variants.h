// What each instruction set provides for Winograd's method.
#ifndef SMOOT_WINOGRAD_VARIANTS_H
#define SMOOT_WINOGRAD_VARIANTS_H

#include "../epilogue.h"
#include "../simd.h"
#include "smoot_matrix.h"
#include "smoot_winograd.h"

enum {
  SMOOT_WINOGRAD_TILE = 4,     ///< rows and columns of a tile of the output
  SMOOT_WINOGRAD_PATCH = 6,    ///< rows and columns of the patch of the input that it depends on
  SMOOT_WINOGRAD_POINTS = 36,  ///< points at which products are taken
  SMOOT_WINOGRAD_PAD = 16,     ///< elements after the matrix of a point, so that the points do not share the lines of a cache
  SMOOT_WINOGRAD_STRIDED_PATCH = 9,  ///< rows and columns of the patch with a stride of 2, and of its transform
  SMOOT_WINOGRAD_STRIDED_SIDE = 5,   ///< points along an axis with a stride of 2
};

/// Where numbers go in elements of two; an element of one float knows no difference.
typedef enum smoot_winograd_place {
  SMOOT_WINOGRAD_LOWER,       ///< the lower half of each element; the upper one becomes zero
  SMOOT_WINOGRAD_UPPER,       ///< the upper half of each element
  SMOOT_WINOGRAD_NEIGHBOURS,  ///< neighbours share an element
} smoot_winograd_place;

/// The transforms of one kind of convolution; see winograd_tiles.h for their extents. `place` and all counts are those of the elements below.
typedef struct smoot_winograd_transforms {
  /// to [kernel][at `to_point`] = G g G^T for `columns` channels; the weights of tap t are at from + t `tap`, those that share their elements `pair` floats further.
  void (*weight)(size_t columns, const float *from, size_t pair, ptrdiff_t tap, float *to, size_t to_point);
  /// to [term] = B^T d B for `channels` channels of the pixels of a patch. `ahead` are those pixels of the next patch that this one does not have, which come from memory meanwhile: a few
  /// lines at a time, because the processor waits when many are on their way, and does not see by itself which ones are next.
  void (*input)(size_t channels, const void *const *pixels, const void *const *ahead, float *to, size_t to_point,
                smoot_winograd_place place);
  /// The pixels of a tile = A^T m A, then the epilogue with an addend for each pixel, unless `addends` is NULL, for `channels` channels; pixels that are NULL are left out. `ahead`
  /// are the pixels of the next tile.
  void (*output)(size_t channels, const float *from, size_t from_point, const smoot_epilogue *epilogue,
                 const void *const *addends, void *const *pixels, const void *const *ahead);
} smoot_winograd_transforms;

/// The transforms and the product for one kind of element: a float, or two bfloat16 that are neighbours along the depth of the product. Pixels are such numbers, too. All channels are multiples
/// of 16, and elements are counted as floats, which have as many bytes.
typedef struct smoot_winograd_kernels {
  /// The numbers of an element.
  size_t numbers;
  /// With a stride of 1: 6x6 pixels, 36 points, 4x4 pixels.
  smoot_winograd_transforms dense;
  /// With a stride of 2: 9x9 pixels, 81 terms at 25 points, 4x4 pixels.
  smoot_winograd_transforms strided;
  /// The gradient of the images with a stride of 2, the weights turned around to 6x6: 5x5 pixels of the output's gradient, 81 points, 8x8 pixels.
  smoot_winograd_transforms spread;
  /// to [point] = A e A^T for `channels` channels; `pixels` are the 16 pixels of the tile of the output's gradient, `ahead` those of the next tile.
  void (*gradient)(size_t channels, const void *const *pixels, const void *const *ahead, float *to, size_t to_point,
                   smoot_winograd_place place);
  /// c [rows][columns] = a b, added to c if `adds` is not 0, with b packed in panels. `depth` and the strides of a count elements.
  void (*product)(size_t rows, size_t columns, size_t depth, const float *a, size_t row_stride, size_t depth_stride,
                  const float *b, int adds, float *c, size_t c_stride);
  /// The output with a stride of 1 without addends, and of each window of 2x2 pixels the maximum: pixels [2][2].
  void (*pooled_output)(size_t channels, const float *from, size_t from_point, const smoot_epilogue *epilogue,
                        void *const *pixels);
  /// The nine taps = G^T m G for `columns` channels; tap t is at to + t `tap`.
  void (*weight_gradient)(size_t columns, const float *from, size_t from_point, float *to, size_t tap);
} smoot_winograd_kernels;

extern const smoot_winograd_kernels smoot_winograd_kernels__scalar, smoot_winograd_kernels_bfloat16__scalar;
#if defined(__x86_64__)
extern const smoot_winograd_kernels smoot_winograd_kernels__avx2, smoot_winograd_kernels_bfloat16__avx2,
    smoot_winograd_kernels__avx512, smoot_winograd_kernels_bfloat16__avx512,
    smoot_winograd_kernels_bfloat16__avx512bf16, smoot_winograd_kernels_bfloat16__amx,
    smoot_winograd_kernels_bfloat16__emulated_tiles;
#endif

#endif
