#ifndef SMOOT_SOURCES_EPILOGUE_H
#define SMOOT_SOURCES_EPILOGUE_H

#include <stddef.h>

#include "smoot_epilogue.h"

/// The epilogue of the columns from `column` on; the addend stays that of the whole result.
static inline smoot_epilogue epilogue_from(const smoot_epilogue *whole, size_t column) {
  smoot_epilogue part = *whole;
  if (part.scale) part.scale += column;
  if (part.shift) part.shift += column;
  return part;
}

#endif
