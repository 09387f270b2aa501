// Vectors of a fixed number of floats, so that one source serves every instruction set with vectors.
//
// A file for one instruction set defines SMOOT_LANES (8 or 16) and SMOOT_NAME(name), includes this header, turns the
// instruction set on with SMOOT_TARGET_BEGIN / SMOOT_TARGET_END around what follows, and includes the shared source.
#ifndef SMOOT_SIMD_H
#define SMOOT_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define SMOOT_PRAGMA(text) _Pragma(#text)
#define SMOOT_TARGET_AVX2 \
  SMOOT_PRAGMA(clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function))
#define SMOOT_TARGET_AVX512                                                                           \
  SMOOT_PRAGMA(clang attribute push(                                                                  \
      __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), \
      apply_to = function))
#define SMOOT_TARGET_AVX512_BFLOAT16                                                                  \
  SMOOT_PRAGMA(clang attribute push(                                                                  \
      __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"))), \
      apply_to = function))
#define SMOOT_TARGET_END SMOOT_PRAGMA(clang attribute pop)

#endif
