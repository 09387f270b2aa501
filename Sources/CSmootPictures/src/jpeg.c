#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "internal.h"

// What libjpeg may claim for coefficients of progressive pictures: four components of the largest picture.
#define MEMORY_LIMIT ((long)600 << 20)

// The place behind compressed data: that of the next marker, or the end.
static size_t skip_compressed(const unsigned char *bytes, size_t count, size_t offset) {
  while (offset < count) {
    const unsigned char *found = memchr(bytes + offset, 0xff, count - offset);
    if (!found) return count;
    offset = (size_t)(found - bytes);
    if (offset + 1 >= count) return count;
    unsigned next = bytes[offset + 1];
    // Two bytes that belong to the data: an escaped 255 and a restart.
    if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) return offset;
    offset += next == 0xff ? 1 : 2;
  }
  return count;
}

static int is_frame(unsigned marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// Walks over the markers, so that no limit is broken when libjpeg begins.
static int inspect(const unsigned char *bytes, size_t count, smoot_picture *picture, int *orientation) {
  int scans = 0;
  size_t offset = 2;
  for (;;) {
    while (offset + 1 < count && bytes[offset] == 0xff && bytes[offset + 1] == 0xff) offset++;
    if (offset + 1 >= count) return smoot_picture_fail(picture, count, "the JPEG file ends before its end marker");
    if (bytes[offset] != 0xff) return smoot_picture_fail(picture, offset, "expected a JPEG marker, found none");
    unsigned marker = bytes[offset + 1];
    size_t start = offset;
    offset += 2;
    if (marker == 0xd9) break;
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (count - offset < 2) return smoot_picture_fail(picture, count, "the JPEG file ends within a marker");
    size_t length = (size_t)bytes[offset] << 8 | bytes[offset + 1];
    if (length < 2 || length > count - offset) {
      return smoot_picture_fail(picture, start, "JPEG marker %02x of %zu bytes goes beyond the end", marker, length);
    }
    const unsigned char *data = bytes + offset + 2;
    if (is_frame(marker)) {
      if (length < 8) return smoot_picture_fail(picture, start, "the JPEG frame is too short");
      size_t height = (size_t)data[1] << 8 | data[2], width = (size_t)data[3] << 8 | data[4];
      if (smoot_picture_check_extents(picture, start, width, height) != 0) return -1;
    } else if (marker == 0xe1 && length >= 16 && memcmp(data, "Exif\0", 6) == 0 && scans == 0) {
      *orientation = smoot_exif_orientation(data + 6, length - 8);
    }
    offset += length;
    if (marker == 0xda) {
      if (++scans > SMOOT_JPEG_SCAN_LIMIT) {
        return smoot_picture_fail(picture, start, "more than %d JPEG scans", SMOOT_JPEG_SCAN_LIMIT);
      }
      offset = skip_compressed(bytes, count, offset);
    }
  }
  if (picture->width == 0) return smoot_picture_fail(picture, offset, "the JPEG file has no frame");
  return scans > 0 ? 0 : smoot_picture_fail(picture, offset, "the JPEG file has no scan");
}

// What the callbacks of libjpeg need; its manager comes first, so that a pointer to one is a pointer to the other.
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  size_t count;
  smoot_picture *picture;
} errors;

static void fail(j_common_ptr common) {
  errors *state = (errors *)common->err;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  size_t offset = 0;
  if (common->is_decompressor && ((j_decompress_ptr)common)->src) {
    offset = state->count - ((j_decompress_ptr)common)->src->bytes_in_buffer;
  }
  // At the end of the file libjpeg reads two bytes of its own.
  smoot_picture_fail(state->picture, offset < state->count ? offset : state->count, "JPEG: %s", text);
  longjmp(state->escape, 1);
}

static void message(j_common_ptr common, int level) {
  if (level < 0) fail(common);
}

static void print_nothing(j_common_ptr common) { (void)common; }

// A row of inverted CMYK as RGB: each ink is taken off the black one, rounded as PIL does.
static void to_rgb(const unsigned char *row, int width, unsigned char *target) {
  for (int x = 0; x < width; x++) {
    unsigned black = row[4 * x + 3];
    for (int c = 0; c < 3; c++) {
      unsigned product = (255u - row[4 * x + c]) * black + 128;
      target[3 * x + c] = (unsigned char)(black - ((product + (product >> 8)) >> 8));
    }
  }
}

// Reads the rows; libjpeg leaves it by a jump when something is wrong.
static void read_rows(j_decompress_ptr decoder, errors *state, const unsigned char *bytes) {
  smoot_picture *picture = state->picture;
  decoder->mem->max_memory_to_use = MEMORY_LIMIT;
  jpeg_mem_src(decoder, bytes, (unsigned long)state->count);
  jpeg_read_header(decoder, TRUE);
  int is_cmyk = decoder->jpeg_color_space == JCS_CMYK || decoder->jpeg_color_space == JCS_YCCK;
  decoder->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(decoder);
  int width = picture->width;
  if (decoder->output_width != (JDIMENSION)width || decoder->output_height != (JDIMENSION)picture->height) {
    smoot_picture_fail(picture, 0, "the JPEG file has two frames of different size");
    longjmp(state->escape, 1);
  }
  if (smoot_picture_claim(picture) != 0) longjmp(state->escape, 1);
  JSAMPARRAY inks =
      is_cmyk ? decoder->mem->alloc_sarray((j_common_ptr)decoder, JPOOL_IMAGE, (JDIMENSION)width * 4, 1) : NULL;
  while (decoder->output_scanline < decoder->output_height) {
    unsigned char *row = picture->pixels + (size_t)decoder->output_scanline * (size_t)width * 3;
    jpeg_read_scanlines(decoder, inks ? inks : &row, 1);
    if (inks) to_rgb(inks[0], width, row);
  }
  jpeg_finish_decompress(decoder);
}

int smoot_jpeg_decode(const unsigned char *bytes, size_t count, smoot_picture *picture, int *orientation) {
  if (inspect(bytes, count, picture, orientation) != 0) return -1;
  errors state = {.count = count, .picture = picture};
  struct jpeg_decompress_struct decoder = {.err = jpeg_std_error(&state.manager)};
  state.manager.error_exit = fail;
  state.manager.emit_message = message;
  state.manager.output_message = print_nothing;
  int status = 0;
  if (setjmp(state.escape) == 0) {
    jpeg_create_decompress(&decoder);
    read_rows(&decoder, &state, bytes);
  } else {
    status = -1;
  }
  jpeg_destroy_decompress(&decoder);
  return status;
}
