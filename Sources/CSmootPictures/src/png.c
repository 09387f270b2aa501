#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "internal.h"

static size_t read32(const unsigned char *p) {
  return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

// Where the compressed part of a chunk begins, or NULL if it has none.
static const unsigned char *compressed_part(const char *type, const unsigned char *data, size_t count) {
  const unsigned char *end = data + count;
  int is_international = strcmp(type, "iTXt") == 0;
  if (strcmp(type, "iCCP") != 0 && strcmp(type, "zTXt") != 0 && !is_international) return NULL;
  const unsigned char *rest = memchr(data, 0, count);
  if (!rest) return NULL;
  if (!is_international) return end - rest > 2 ? rest + 2 : NULL;
  if (end - rest < 4 || rest[1] != 1) return NULL;
  // Two more texts, the language and the translated keyword, stand before the text itself.
  rest += 3;
  for (int i = 0; i < 2 && rest; i++) {
    rest = memchr(rest, 0, (size_t)(end - rest));
    if (rest) rest++;
  }
  return rest;
}

// Whether a chunk inflates to more than a chunk may hold.
static int is_bomb(const unsigned char *data, size_t count) {
  unsigned char scratch[16384];
  z_stream stream = {0};
  if (inflateInit(&stream) != Z_OK) return 0;
  stream.next_in = (unsigned char *)data;
  stream.avail_in = (unsigned)count;
  int status = Z_OK;
  while (status == Z_OK && stream.total_out <= SMOOT_PNG_CHUNK_LIMIT) {
    stream.next_out = scratch;
    stream.avail_out = sizeof scratch;
    status = inflate(&stream, Z_NO_FLUSH);
  }
  inflateEnd(&stream);
  return stream.total_out > SMOOT_PNG_CHUNK_LIMIT;
}

// What a chunk that is not needed for the pixels must keep to.
static int check_ancillary(
    smoot_picture *picture, const char *type, const unsigned char *data, size_t length, size_t offset, int *count) {
  if (length > SMOOT_PNG_CHUNK_LIMIT) {
    return smoot_picture_fail(picture, offset, "PNG chunk %s of %zu bytes; it may have %zu at most", type, length,
                              SMOOT_PNG_CHUNK_LIMIT);
  }
  if (++*count > SMOOT_PNG_CHUNK_COUNT_LIMIT) {
    return smoot_picture_fail(picture, offset, "more than %d PNG chunks beside the picture",
                              SMOOT_PNG_CHUNK_COUNT_LIMIT);
  }
  const unsigned char *part = compressed_part(type, data, length);
  if (part && is_bomb(part, length - (size_t)(part - data))) {
    return smoot_picture_fail(picture, offset, "PNG chunk %s inflates to more than %zu bytes", type,
                              SMOOT_PNG_CHUNK_LIMIT);
  }
  return 0;
}

static int read_header(smoot_picture *picture, const char *type, const unsigned char *data, size_t length) {
  if (strcmp(type, "IHDR") != 0 || length != 13) {
    return smoot_picture_fail(picture, 8, "expected the PNG chunk IHDR, found %s of %zu bytes", type, length);
  }
  return smoot_picture_check_extents(picture, 16, read32(data), read32(data + 4));
}

// Walks over the chunks, so that no limit is broken and no check sum is wrong when libpng begins.
static int inspect(const unsigned char *bytes, size_t count, smoot_picture *picture, int *orientation) {
  int ancillary = 0, has_pixels = 0;
  for (size_t offset = 8;;) {
    if (count - offset < 12) return smoot_picture_fail(picture, count, "the PNG file ends before its end chunk");
    size_t length = read32(bytes + offset);
    const unsigned char *data = bytes + offset + 8;
    char type[5] = {0};
    memcpy(type, data - 4, 4);
    for (int i = 0; i < 4; i++) {
      int letter = type[i] | 0x20;
      if (letter < 'a' || letter > 'z') return smoot_picture_fail(picture, offset, "expected a PNG chunk, found none");
    }
    if (offset == 8 && length <= count - offset - 12 && read_header(picture, type, data, length) != 0) return -1;
    int is_ancillary = type[0] & 0x20;
    if (length > count - offset - 12) {
      if (is_ancillary && length > SMOOT_PNG_CHUNK_LIMIT) {
        return check_ancillary(picture, type, data, length, offset, &ancillary);
      }
      return smoot_picture_fail(picture, count, "the PNG file ends within the chunk %s", type);
    }
    if (is_ancillary && check_ancillary(picture, type, data, length, offset, &ancillary) != 0) return -1;
    if (crc32(crc32(0, Z_NULL, 0), data - 4, (unsigned)length + 4) != read32(data + length)) {
      return smoot_picture_fail(picture, offset, "the PNG chunk %s has a wrong check sum (CRC)", type);
    }
    if (strcmp(type, "eXIf") == 0) *orientation = smoot_exif_orientation(data, length);
    if (strcmp(type, "IDAT") == 0) has_pixels = 1;
    if (strcmp(type, "IEND") == 0) {
      return has_pixels ? 0 : smoot_picture_fail(picture, offset, "the PNG file has no pixels (IDAT)");
    }
    offset += length + 12;
  }
}

// What the callbacks of libpng need.
typedef struct {
  jmp_buf escape;
  const unsigned char *bytes;
  size_t count, offset;
  smoot_picture *picture;
} reader;

static void fail(png_structp png, png_const_charp message) {
  reader *state = png_get_error_ptr(png);
  smoot_picture_fail(state->picture, state->offset, "PNG: %s", message);
  longjmp(state->escape, 1);
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  reader *state = png_get_io_ptr(png);
  if (count > state->count - state->offset) png_error(png, "the file ends too early");
  memcpy(target, state->bytes + state->offset, count);
  state->offset += count;
}

// Turns the places in the palette, which lie in the last third of the memory, into colours from its beginning on.
static void look_up(png_structp png, png_infop info, smoot_picture *picture) {
  png_colorp palette = NULL;
  int colours = 0;
  if (!png_get_PLTE(png, info, &palette, &colours)) png_error(png, "there is no palette");
  size_t count = (size_t)picture->width * (size_t)picture->height;
  const unsigned char *places = picture->pixels + 2 * count;
  for (size_t i = 0; i < count; i++) {
    int place = places[i];
    if (place >= colours) png_error(png, "a pixel's colour is not in the palette");
    picture->pixels[3 * i] = palette[place].red;
    picture->pixels[3 * i + 1] = palette[place].green;
    picture->pixels[3 * i + 2] = palette[place].blue;
  }
}

// Reads the rows; libpng leaves it by a jump when something is wrong.
static void read_rows(png_structp png, png_infop info, reader *state) {
  png_set_read_fn(png, state, read_bytes);
  png_set_user_limits(png, SMOOT_PICTURE_SIDE_LIMIT, SMOOT_PICTURE_SIDE_LIMIT);
  png_set_chunk_malloc_max(png, SMOOT_PNG_CHUNK_LIMIT);
  png_set_chunk_cache_max(png, SMOOT_PNG_CHUNK_COUNT_LIMIT);
  // Profiles and texts are not used; whether they are sound does not matter.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_benign_errors(png, 0);
  png_read_info(png, info);
  int type = png_get_color_type(png, info);
  int has_palette = type == PNG_COLOR_TYPE_PALETTE;
  if (has_palette) png_set_packing(png);
  if (type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
  if (!(type & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = (size_t)state->picture->width * (has_palette ? 1 : 3);
  if (png_get_rowbytes(png, info) != stride) png_error(png, "rows are not of pixels as expected");
  if (smoot_picture_claim(state->picture) != 0) longjmp(state->escape, 1);
  smoot_picture *picture = state->picture;
  unsigned char *rows = picture->pixels + (has_palette ? 2 * stride * (size_t)picture->height : 0);
  for (int pass = 0; pass < passes; pass++) {
    for (int row = 0; row < picture->height; row++) png_read_row(png, rows + (size_t)row * stride, NULL);
  }
  png_read_end(png, NULL);
  if (has_palette) look_up(png, info, picture);
}

int smoot_png_decode(const unsigned char *bytes, size_t count, smoot_picture *picture, int *orientation) {
  if (inspect(bytes, count, picture, orientation) != 0) return -1;
  reader state = {.bytes = bytes, .count = count, .picture = picture};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, fail, fail);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return smoot_picture_fail(picture, 0, "there is no memory for the picture");
  }
  int status = 0;
  if (setjmp(state.escape) == 0) {
    read_rows(png, info, &state);
  } else {
    status = -1;
  }
  png_destroy_read_struct(&png, &info, NULL);
  return status;
}
