#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// What a file that is no picture of ours seems to be.
static const char *guess(const unsigned char *bytes, size_t count) {
  static const struct {
    const char *magic;
    size_t offset, count;
    const char *name;
  } kinds[] = {
      {"PK\3\4", 0, 4, "a zip archive, perhaps of PyTorch"},
      {"\x80\x02", 0, 2, "a Python pickle"},
      {"GIF8", 0, 4, "a GIF picture"},
      {"WEBP", 8, 4, "a WebP picture"},
      {"II*\0", 0, 4, "a TIFF picture"},
      {"MM\0*", 0, 4, "a TIFF picture"},
      {"ftyp", 4, 4, "a HEIF or AVIF picture, or a film"},
      {"%PDF", 0, 4, "a PDF document"},
      {"\x1f\x8b", 0, 2, "gzipped data"},
      {"BM", 0, 2, "a BMP picture"},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    size_t end = kinds[i].offset + kinds[i].count;
    if (count >= end && memcmp(bytes + kinds[i].offset, kinds[i].magic, kinds[i].count) == 0) return kinds[i].name;
  }
  for (size_t i = 0; i < count && i < 512; i++) {
    if (!isprint(bytes[i]) && !isspace(bytes[i])) return "something else";
  }
  return "text";
}

// The place in the upright picture of a stored pixel, as a start and two steps, in pixels.
typedef struct {
  ptrdiff_t start, across, down;
} mapping;

static mapping orient(int orientation, ptrdiff_t width, ptrdiff_t height) {
  switch (orientation) {
    case 2: return (mapping){width - 1, -1, width};
    case 3: return (mapping){width * height - 1, -1, -width};
    case 4: return (mapping){width * (height - 1), 1, -width};
    case 5: return (mapping){0, height, 1};
    case 6: return (mapping){height - 1, height, -1};
    case 7: return (mapping){width * height - 1, -height, -1};
    case 8: return (mapping){height * (width - 1), -height, 1};
    default: return (mapping){0, 1, width};
  }
}

// Turns the stored picture upright.
static int make_upright(smoot_picture *picture, int orientation) {
  if (orientation == 1) return 0;
  unsigned char *stored = picture->pixels;
  if (smoot_picture_claim(picture) != 0) {
    picture->pixels = stored;
    return -1;
  }
  int width = picture->width, height = picture->height;
  mapping map = orient(orientation, width, height);
  // In squares, so that both sides stay in the cache.
  for (int top = 0; top < height; top += 32) {
    for (int left = 0; left < width; left += 32) {
      for (int row = top; row < height && row < top + 32; row++) {
        for (int column = left; column < width && column < left + 32; column++) {
          const unsigned char *from = stored + 3 * ((ptrdiff_t)row * width + column);
          memcpy(picture->pixels + 3 * (map.start + column * map.across + row * map.down), from, 3);
        }
      }
    }
  }
  free(stored);
  if (orientation > 4) {
    picture->width = height;
    picture->height = width;
  }
  return 0;
}

int smoot_picture_decode(const unsigned char *bytes, size_t count, smoot_picture *picture) {
  memset(picture, 0, sizeof *picture);
  int orientation = 1;
  int status;
  if (count == 0) {
    status = smoot_picture_fail(picture, 0, "the file is empty");
  } else if (count > SMOOT_PICTURE_FILE_LIMIT) {
    status = smoot_picture_fail(picture, count, "a picture's file may have %zu bytes at most", SMOOT_PICTURE_FILE_LIMIT);
  } else if (count >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) {
    status = smoot_png_decode(bytes, count, picture, &orientation);
  } else if (count >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0) {
    status = smoot_jpeg_decode(bytes, count, picture, &orientation);
  } else {
    status = smoot_picture_fail(picture, 0, "neither PNG nor JPEG, but %s", guess(bytes, count));
  }
  if (status == 0) status = make_upright(picture, orientation);
  if (status != 0) smoot_picture_free(picture);
  return status;
}
