// The C kernels of smoot: one header for each family of operations.
//
// Every kernel works on one contiguous piece of memory with one thread. Splitting a batch over threads is the
// caller's work. A kernel allocates nothing, keeps no state, and gives the same bits for the same arguments at the
// same kernel level.
#ifndef CSMOOTKERNELS_H
#define CSMOOTKERNELS_H

#include "smoot_activation.h"
#include "smoot_attention.h"
#include "smoot_batch_norm.h"
#include "smoot_bfloat16.h"
#include "smoot_blas.h"
#include "smoot_convolution.h"
#include "smoot_epilogue.h"
#include "smoot_gather.h"
#include "smoot_kernel_level.h"
#include "smoot_masking.h"
#include "smoot_matrix.h"
#include "smoot_normalization.h"
#include "smoot_number.h"
#include "smoot_parallel.h"
#include "smoot_pointwise.h"
#include "smoot_processors.h"
#include "smoot_reduction.h"
#include "smoot_softmax.h"
#include "smoot_tiles.h"
#include "smoot_winograd.h"

#endif
