// What a number in memory is, for kernels that take several kinds.
#ifndef SMOOT_NUMBER_H
#define SMOOT_NUMBER_H

typedef enum smoot_number {
  SMOOT_FLOAT32,
  SMOOT_BFLOAT16,  ///< read exactly; results are rounded to the nearest, ties to even
} smoot_number;

#endif
