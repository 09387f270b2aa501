// What each instruction set provides for Winograd's method.
#ifndef SMOOT_WINOGRAD_VARIANTS_H
#define SMOOT_WINOGRAD_VARIANTS_H

#include "../simd.h"
#include "smoot_winograd.h"

enum {
  SMOOT_WINOGRAD_TILE = 4,     ///< rows and columns of a tile of the output
  SMOOT_WINOGRAD_PATCH = 6,    ///< rows and columns of the patch of the input that it depends on
  SMOOT_WINOGRAD_POINTS = 36,  ///< points at which products are taken
  SMOOT_WINOGRAD_PAD = 16,     ///< floats after the matrix of a point, so that the points do not share the lines of a cache
};

/// The transforms. All channels are multiples of 16.
typedef struct smoot_winograd_kernels {
  /// to [point][at `to_point`] = G g G^T for `columns` channels; the weights of tap t are at from + t `tap`.
  void (*weight)(size_t columns, const float *from, ptrdiff_t tap, float *to, size_t to_point);
  /// to [point] = B^T d B for `channels` channels; `pixels` are the 36 pixels of the patch.
  void (*input)(size_t channels, const float *const *pixels, float *to, size_t to_point);
  /// The pixels [4][4] = A^T m A, and bias and ReLU, for `channels` channels; pixels that are NULL are left out.
  void (*output)(size_t channels, const float *from, size_t from_point, const float *bias, int rectifies,
                 float *const *pixels);
  /// to [point] = A e A^T for `channels` channels; `pixels` are the 16 pixels of the tile of the output's gradient.
  void (*gradient)(size_t channels, const float *const *pixels, float *to, size_t to_point);
  /// The nine taps = G^T m G for `columns` channels; tap t is at to + t `tap`.
  void (*weight_gradient)(size_t columns, const float *from, size_t from_point, float *to, size_t tap);
} smoot_winograd_kernels;

extern const smoot_winograd_kernels smoot_winograd_kernels__scalar;
#if defined(__x86_64__)
extern const smoot_winograd_kernels smoot_winograd_kernels__avx2, smoot_winograd_kernels__avx512;
#endif

#endif
