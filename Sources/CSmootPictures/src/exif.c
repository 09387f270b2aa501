#include "internal.h"

static unsigned read16(const unsigned char *p, int is_big) {
  return is_big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static size_t read32(const unsigned char *p, int is_big) {
  return is_big ? (size_t)read16(p, 1) << 16 | read16(p + 2, 1) : (size_t)read16(p + 2, 0) << 16 | read16(p, 0);
}

int smoot_exif_orientation(const unsigned char *bytes, size_t count) {
  if (count < 8) return 1;
  int is_big = bytes[0] == 'M';
  if (bytes[0] != bytes[1] || (bytes[0] != 'M' && bytes[0] != 'I') || read16(bytes + 2, is_big) != 42) return 1;
  size_t start = read32(bytes + 4, is_big);
  if (start > count - 2) return 1;
  size_t entries = read16(bytes + start, is_big);
  for (size_t i = 0; i < entries; i++) {
    size_t entry = start + 2 + 12 * i;
    if (entry + 12 > count) return 1;
    // Tag 0x0112, one number of 16 bits.
    if (read16(bytes + entry, is_big) != 0x0112) continue;
    if (read16(bytes + entry + 2, is_big) != 3) return 1;
    unsigned value = read16(bytes + entry + 8, is_big);
    return value >= 1 && value <= 8 ? (int)value : 1;
  }
  return 1;
}
