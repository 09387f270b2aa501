// What the files of this module share.
#ifndef SMOOT_PICTURES_INTERNAL_H
#define SMOOT_PICTURES_INTERNAL_H

#include "CSmootPictures.h"

// Writes a message that begins with the place and returns -1.
int smoot_picture_fail(smoot_picture *picture, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Checks the extents against the limits and keeps them. Returns 0 or -1.
int smoot_picture_check_extents(smoot_picture *picture, size_t offset, size_t width, size_t height);

// Claims memory for the pixels once the extents are checked. Returns 0 or -1.
int smoot_picture_claim(smoot_picture *picture);

// The orientation in a block of EXIF data (TIFF header first), or 1 when it says none that makes sense.
int smoot_exif_orientation(const unsigned char *bytes, size_t count);

// Each reads the structure of a file, then its pixels.
int smoot_png_decode(const unsigned char *bytes, size_t count, smoot_picture *picture, int *orientation);
int smoot_jpeg_decode(const unsigned char *bytes, size_t count, smoot_picture *picture, int *orientation);

#endif
