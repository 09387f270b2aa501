// Scaled dot-product attention of one head among the tokens of one image.
//
// The products of the `_bfloat16` functions follow the contract of smoot_bfloat16.h; the softmax is float32 in both.
#ifndef SMOOT_ATTENTION_H
#define SMOOT_ATTENTION_H

#include <stddef.h>

#include "smoot_bfloat16.h"

/// What a mask [tokens][tokens] does, queries in its rows.
typedef enum smoot_attention_masking {
  /// There is none.
  SMOOT_ATTENTION_UNMASKED,
  /// It is added to the scores, before the softmax.
  SMOOT_ATTENTION_MASKED_SCORES,
  /// The weights are multiplied with it before they meet the values.
  SMOOT_ATTENTION_MASKED_WEIGHTS,
} smoot_attention_masking;

/// The extents of a head.
typedef struct smoot_attention_shape {
  size_t tokens;
  /// The first tokens, whose results are wanted; all of them where there is a mask or the numbers are shared.
  size_t queries;
  /// Numbers of a query, a key or a value; even for the `_bfloat16` functions, whose queries, keys and values begin at even places.
  size_t width;
  /// Numbers from a token's query, key or value to the next token's, and floats from its gradient to the next one's; even for the `_bfloat16` functions.
  size_t stride;
  /// Floats from a token's result to the next token's, and so for its gradient.
  size_t result_stride;
  /// Whether queries, keys and values are the same numbers, so that their gradients are added up in one place.
  int is_shared;
  smoot_attention_masking masking;
} smoot_attention_shape;

/// The floats from one row of weights to the next: `tokens`, rounded up so that rows are whole vectors.
size_t smoot_attention_weight_stride(size_t tokens);
/// The floats of `scratch` below.
size_t smoot_attention_scratch(size_t tokens, size_t width);

/// weights [queries][weight stride] = softmax(query key^T / sqrt(width)), zeros behind each row; result [queries] = weights value. `mask` may be NULL where there is none.
void smoot_attention_forward_f32(const smoot_attention_shape *shape, const float *query, const float *key,
                                 const float *value, const float *mask, float *weights, float *result, float *scratch);
void smoot_attention_forward_bfloat16(const smoot_attention_shape *shape, const smoot_bfloat16 *query, const smoot_bfloat16 *key,
                                      const smoot_bfloat16 *value, const float *mask, float *weights, float *result, float *scratch);

/// The gradients of queries (zero for tokens whose result was not wanted), keys and values, given that of the result; `weights` as the forward pass left them.
void smoot_attention_backward_f32(const smoot_attention_shape *shape, const float *query, const float *key,
                                  const float *value, const float *mask, const float *weights, const float *upstream,
                                  float *query_gradient, float *key_gradient, float *value_gradient, float *scratch);
void smoot_attention_backward_bfloat16(const smoot_attention_shape *shape, const smoot_bfloat16 *query, const smoot_bfloat16 *key,
                                       const smoot_bfloat16 *value, const float *mask, const float *weights,
                                       const float *upstream, float *query_gradient, float *key_gradient,
                                       float *value_gradient, float *scratch);

#endif
