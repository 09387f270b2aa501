#include "convolution_variants.h"

#if defined(__x86_64__)
#define SMOOT_LANES 16
#define NAME(name) smoot_convolution_##name##__avx512

SMOOT_TARGET_AVX512
#include "convolution_simd.inc"
#include "pooled_input_gradient_simd.inc"
#include "pooled_backward_simd.inc"
#include "few_taps_simd.inc"
SMOOT_TARGET_END

const smoot_convolution_kernels smoot_convolution_kernels__avx512 = {
    NAME(packed_count),    NAME(pack),     NAME(forward), NAME(relu_maxpool_forward),
    pool_rows,             NAME(weight_gradient), NAME(relu_maxpool_backward_scratch), NAME(relu_maxpool_backward),
    NAME(relu_backward),   NAME(peak),
};
#endif
