// What every reader needs: messages, limits, and memory.
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

int smoot_picture_fail(smoot_picture *picture, size_t offset, const char *format, ...) {
  int length = snprintf(picture->message, sizeof picture->message, "byte %zu: ", offset);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(picture->message + length, sizeof picture->message - (size_t)length, format, arguments);
  va_end(arguments);
  // The libraries put words of the file into some messages.
  for (char *p = picture->message; *p; p++) {
    if (iscntrl((unsigned char)*p) || (unsigned char)*p > 126) *p = '?';
  }
  return -1;
}

int smoot_picture_check_extents(smoot_picture *picture, size_t offset, size_t width, size_t height) {
  if (width == 0 || height == 0) {
    return smoot_picture_fail(picture, offset, "a picture of %zu x %zu pixels has none", width, height);
  }
  if (width > SMOOT_PICTURE_SIDE_LIMIT || height > SMOOT_PICTURE_SIDE_LIMIT) {
    return smoot_picture_fail(picture, offset, "%zu x %zu pixels; a side may have %d at most", width, height,
                              SMOOT_PICTURE_SIDE_LIMIT);
  }
  if (width * height > SMOOT_PICTURE_PIXEL_LIMIT) {
    return smoot_picture_fail(picture, offset, "%zu x %zu pixels; a picture may have %zu at most", width, height,
                              SMOOT_PICTURE_PIXEL_LIMIT);
  }
  picture->width = (int)width;
  picture->height = (int)height;
  picture->channels = 3;
  return 0;
}

int smoot_picture_claim(smoot_picture *picture) {
  picture->pixels = malloc((size_t)picture->width * (size_t)picture->height * 3);
  return picture->pixels ? 0 : smoot_picture_fail(picture, 0, "there is no memory for the picture");
}

void smoot_picture_free(smoot_picture *picture) {
  free(picture->pixels);
  picture->pixels = NULL;
}
