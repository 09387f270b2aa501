// Decoding and resizing of PNG and JPEG pictures.
//
// Both libraries leave a failed call by longjmp, which must not cross Swift frames; so everything that calls them is here.
#ifndef SMOOT_PICTURES_H
#define SMOOT_PICTURES_H

#include <stddef.h>

// What a picture may have at most; whatever breaks one of these is refused before memory is claimed for it.
#define SMOOT_PICTURE_FILE_LIMIT ((size_t)64 << 20)
#define SMOOT_PICTURE_SIDE_LIMIT 16384
#define SMOOT_PICTURE_PIXEL_LIMIT ((size_t)64 << 20)
#define SMOOT_PNG_CHUNK_LIMIT ((size_t)1 << 20)
#define SMOOT_PNG_CHUNK_COUNT_LIMIT 128
#define SMOOT_JPEG_SCAN_LIMIT 100

// A decoded picture: rows of `width` pixels of `channels` bytes, 3 (red, green, blue) or 1 (grey).
typedef struct {
  int width;
  int height;
  int channels;
  unsigned char *pixels;
  // What is wrong, without a line break, when a function returned something else than 0.
  char message[256];
} smoot_picture;

// Decodes a PNG or JPEG file, told by its content, to upright RGB. Returns 0, or -1 and a message.
//
// Alpha is dropped and 16-bit values lose their low byte, as PIL's convert('RGB') does; CMYK is taken for inverted, as Adobe writes it and PIL reads it. The EXIF orientation is
// applied. A warning of either library is an error.
int smoot_picture_decode(const unsigned char *bytes, size_t count, smoot_picture *picture);

// Makes an RGB picture grey: (19595 r + 38470 g + 7471 b + 32768) / 65536, as PIL's convert('L') does.
void smoot_picture_make_grey(smoot_picture *picture);

// Scales a picture so that it just covers height x width, cuts out the middle, and writes planes [channels, height, width]. Returns 0, or -1 when memory is short.
//
// The filter is a triangle as wide as the reduction (PIL's BILINEAR); sides and the place of the cut are rounded as torchvision's Resize and CenterCrop round them.
int smoot_picture_fit(smoot_picture *picture, int height, int width, unsigned char *planes);

// Gives back the memory of a picture.
void smoot_picture_free(smoot_picture *picture);

#endif
