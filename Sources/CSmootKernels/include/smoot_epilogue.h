// What follows a product or a convolution while its sums are in registers.
#ifndef SMOOT_EPILOGUE_H
#define SMOOT_EPILOGUE_H

/// A sum of column j becomes sum scale[j] + shift[j] + addend, and then zero where that is below zero and `rectifies` is not 0; a NaN comes through.
typedef struct smoot_epilogue {
  const float *scale;   ///< [columns]; 1 when NULL
  const float *shift;   ///< [columns]; 0 when NULL
  const void *addend;   ///< numbers as those of the result and in their order: apart from it, or the result itself, and then without a scale; 0 when NULL
  int rectifies;
} smoot_epilogue;

#endif
