// Elementary functions of one float without branches and calls, so that loops over them become vector code, and sums in a fixed order.
//
// The largest errors, measured against double precision over every seventh float: exp 1.01 ulp, log 0.82 ulp (relative 8.4e-8), subnormal results included.
#ifndef SMOOT_ELEMENTARY_H
#define SMOOT_ELEMENTARY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SMOOT_INLINE static inline __attribute__((always_inline, unused))

/// How many interleaved sums a sum has, so that its order does not depend on the vectors' width.
#define SMOOT_PARTS 16

SMOOT_INLINE float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

SMOOT_INLINE uint32_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// exp(x + rest), where `rest` is below 1: what the argument could not hold.
SMOOT_INLINE float exp_sum(float x, float rest) {
  // Beyond these the result is infinite or 0. A NaN passes both comparisons by.
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  // n = x / ln 2, rounded by adding a number whose last bit is worth 1; it stands in the sum's low bits too.
  float shifted = (x + rest) * 1.44269504f + 0x1.8p23f;
  float n = shifted - 0x1.8p23f;
  float r = ((x - n * 0.693359375f) + n * 2.12194440e-4f) + rest;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1;
  // 2^n in two factors, since n may be less than a float's least exponent or above its greatest.
  uint32_t bias = bits_of_float(shifted) - 0x4b400000u + 254;
  uint32_t half = bias >> 1;
  return p * float_of_bits(half << 23) * float_of_bits((bias - half) << 23);
}

SMOOT_INLINE float exp_of(float x) { return exp_sum(x, 0); }

/// The natural logarithm: -infinity at 0, NaN below.
SMOOT_INLINE float log_of(float x) {
  int is_small = x < 0x1p-126f;
  float scaled = is_small ? x * 0x1p25f : x;
  // x = 2^n m with m in [sqrt 1/2, sqrt 2).
  uint32_t offset = bits_of_float(scaled) - 0x3f3504f3u;
  float n = (float)((int32_t)offset >> 23) - (is_small ? 25.0f : 0.0f);
  float m = float_of_bits((offset & 0x007fffffu) + 0x3f3504f3u) - 1;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float square = m * m;
  float y = p * m * square - n * 2.12194440e-4f - 0.5f * square;
  y = m + y + n * 0.693359375f;
  y = x < __builtin_inff() ? y : x;  // infinity and NaN
  y = x == 0 ? -__builtin_inff() : y;
  return x < 0 ? __builtin_nanf("") : y;
}

/// tanh by a polynomial near 0, where 1 - 2 / (exp(2 x) + 1) would cancel, and by that elsewhere.
SMOOT_INLINE float tanh_of(float x) {
  float size = __builtin_fabsf(x), square = x * x;
  float p = -5.70498872745e-3f;
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  float inner = p * square * x + x;
  float outer = __builtin_copysignf(1 - 2 / (exp_of(2 * size) + 1), x);
  return size < 0.625f ? inner : outer;
}

/// 1 / (1 + exp(-x)), exact in the lower tail too.
SMOOT_INLINE float sigmoid_of(float x) {
  float e = exp_of(-__builtin_fabsf(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/// P(X <= x) for a standard normal X, in `*density` exp(-x^2 / 2).
///
/// P(X <= -t) = exp(-t^2 / 2) R(t), where R(t) (t + 3.5) is smooth: a polynomial in (t - 3.5) / (t + 3.5), fitted to 7e-9 relative on [0, 14.5]. Beyond that the
/// result is below the least float.
SMOOT_INLINE float normal_probability(float x, float *density) {
  float t = __builtin_fabsf(x);
  t = t > 14.5f ? 14.5f : t;
  // The square of the upper 12 bits of t is exact; what they leave enters the exponential as a correction.
  float upper = float_of_bits(bits_of_float(t) & 0xfffff000u);
  float e = exp_sum(-0.5f * upper * upper, -0.5f * (t - upper) * (t + upper));
  float reciprocal = 1 / (t + 3.5f), w = (t - 3.5f) * reciprocal;
  float p = 1.106894051e-4f;
  p = p * w + 4.218978574e-4f;
  p = p * w - 4.949436989e-4f;
  p = p * w - 3.175310791e-3f;
  p = p * w + 6.493115798e-3f;
  p = p * w + 1.740637794e-2f;
  p = p * w - 1.160530373e-1f;
  p = p * w + 3.154250383e-1f;
  p = p * w - 5.655617714e-1f;
  p = p * w + 7.444160581e-1f;
  float tail = e * (p * reciprocal);
  *density = e;
  return x < 0 ? tail : 1 - tail;
}

/// x P(X <= x): GELU with erf.
SMOOT_INLINE float gelu_of(float x) {
  float density;
  return x * normal_probability(x, &density);
}

/// GELU, and in `*slope` its derivative.
SMOOT_INLINE float gelu_with_slope(float x, float *slope) {
  float density, probability = normal_probability(x, &density);
  float bounded = x > 14.5f ? 14.5f : x < -14.5f ? -14.5f : x;
  *slope = probability + bounded * density * 0.398942280f;
  return x * probability;
}

/// The derivative of GELU.
SMOOT_INLINE float gelu_slope(float x) {
  float slope;
  gelu_with_slope(x, &slope);
  return slope;
}

/// The bits of the nearest bfloat16, ties to even; the quiet NaN of a NaN.
SMOOT_INLINE uint16_t bfloat16_of(float x) {
  uint32_t bits = bits_of_float(x), up = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
  return (uint16_t)(x != x ? bits >> 16 | 0x40u : up);
}

/// The sum of interleaved sums.
SMOOT_INLINE float fold(float parts[SMOOT_PARTS]) {
  for (int step = SMOOT_PARTS / 2; step > 0; step /= 2) {
    for (int k = 0; k < step; k++) parts[k] += parts[k + step];
  }
  return parts[0];
}

/// Two sums at once, each as SMOOT_SUM takes it.
#define SMOOT_SUMS(FIRST, OF_FIRST, SECOND, OF_SECOND, COUNT)                    \
  float FIRST, SECOND;                                                           \
  {                                                                              \
    float parts[SMOOT_PARTS] = {0}, others[SMOOT_PARTS] = {0};                   \
    size_t start = 0;                                                            \
    for (; start + SMOOT_PARTS <= (COUNT); start += SMOOT_PARTS) {               \
      for (size_t k = 0; k < SMOOT_PARTS; k++) {                                 \
        size_t i = start + k;                                                    \
        parts[k] += (OF_FIRST);                                                  \
        others[k] += (OF_SECOND);                                                \
      }                                                                          \
    }                                                                            \
    for (size_t i = start; i < (COUNT); i++) {                                   \
      parts[i - start] += (OF_FIRST);                                            \
      others[i - start] += (OF_SECOND);                                          \
    }                                                                            \
    FIRST = fold(parts);                                                         \
    SECOND = fold(others);                                                       \
  }

/// The sum of `EXPRESSION` over `i` in 0..<COUNT, in interleaved parts.
#define SMOOT_SUM(RESULT, COUNT, EXPRESSION)                               \
  float RESULT;                                                            \
  {                                                                        \
    float parts[SMOOT_PARTS] = {0};                                        \
    size_t start = 0;                                                      \
    for (; start + SMOOT_PARTS <= (COUNT); start += SMOOT_PARTS) {         \
      for (size_t k = 0; k < SMOOT_PARTS; k++) {                           \
        size_t i = start + k;                                              \
        parts[k] += (EXPRESSION);                                          \
      }                                                                    \
    }                                                                      \
    for (size_t i = start; i < (COUNT); i++) parts[i - start] += (EXPRESSION); \
    RESULT = fold(parts);                                                  \
  }

/// The greatest element, -infinity of none. A NaN is passed over.
SMOOT_INLINE float greatest_of(size_t count, const float *x) {
  float parts[SMOOT_PARTS];
  for (int k = 0; k < SMOOT_PARTS; k++) parts[k] = -__builtin_inff();
  size_t start = 0;
  for (; start + SMOOT_PARTS <= count; start += SMOOT_PARTS) {
    for (size_t k = 0; k < SMOOT_PARTS; k++) parts[k] = x[start + k] > parts[k] ? x[start + k] : parts[k];
  }
  float greatest = -__builtin_inff();
  for (; start < count; start++) greatest = x[start] > greatest ? x[start] : greatest;
  for (int k = 0; k < SMOOT_PARTS; k++) greatest = parts[k] > greatest ? parts[k] : greatest;
  return greatest;
}

#endif
