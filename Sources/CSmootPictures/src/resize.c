#include <stdlib.h>
#include <string.h>

#include "internal.h"

// The same bytes on every processor: products are rounded before they are added.
#pragma STDC FP_CONTRACT OFF

void smoot_picture_make_grey(smoot_picture *picture) {
  if (picture->channels == 1) return;
  size_t count = (size_t)picture->width * (size_t)picture->height;
  unsigned char *pixels = picture->pixels;
  for (size_t i = 0; i < count; i++) {
    const unsigned char *p = pixels + 3 * i;
    pixels[i] = (unsigned char)((19595u * p[0] + 38470u * p[1] + 7471u * p[2] + 32768u) >> 16);
  }
  picture->channels = 1;
}

// For each place of a side of the result: the first place of the source that counts, how many count, and their weights.
typedef struct {
  int *first;
  int *count;
  float *weights;
  int stride;
} taps;

static void release(taps *taps) {
  free(taps->first);
  free(taps->count);
  free(taps->weights);
}

// The weights for `count` places from `begin` on, of a side that goes from `source` to `target` places.
static int make_taps(taps *taps, int source, int target, int begin, int count) {
  double scale = (double)source / target;
  double reach = scale < 1 ? 1 : scale;
  taps->stride = (int)(2 * reach) + 3;
  taps->first = malloc((size_t)count * sizeof(int));
  taps->count = malloc((size_t)count * sizeof(int));
  taps->weights = malloc((size_t)count * (size_t)taps->stride * sizeof(float));
  double *exact = malloc((size_t)taps->stride * sizeof(double));
  int status = taps->first && taps->count && taps->weights && exact ? 0 : -1;
  for (int i = 0; i < count && status == 0; i++) {
    double center = (begin + i + 0.5) * scale;
    int first = center - reach + 0.5 > 0 ? (int)(center - reach + 0.5) : 0;
    int end = center + reach + 0.5 < source ? (int)(center + reach + 0.5) : source;
    double sum = 0;
    for (int place = first; place < end; place++) {
      double distance = (place + 0.5 - center) / reach;
      double weight = distance < 0 ? 1 + distance : 1 - distance;
      exact[place - first] = weight > 0 ? weight : 0;
      sum += exact[place - first];
    }
    for (int place = first; place < end; place++) {
      taps->weights[i * taps->stride + place - first] = (float)(exact[place - first] / sum);
    }
    taps->first[i] = first;
    taps->count[i] = end - first;
  }
  free(exact);
  return status;
}

// Adds a row of bytes times a weight to sums.
static void add_row(float *restrict sums, const unsigned char *restrict row, float weight, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += weight * (float)row[i];
}

// One row of the result: sums over rows come in, planes go out.
static void write_row(const float *sums, const taps *columns, int width, int channels, unsigned char *target, size_t plane) {
  int left = columns->first[0];
  for (int x = 0; x < width; x++) {
    const float *weights = columns->weights + (size_t)x * (size_t)columns->stride;
    const float *from = sums + (size_t)(columns->first[x] - left) * (size_t)channels;
    float result[3] = {0};
    for (int tap = 0; tap < columns->count[x]; tap++) {
      for (int c = 0; c < channels; c++) result[c] += weights[tap] * from[tap * channels + c];
    }
    for (int c = 0; c < channels; c++) {
      float value = result[c] + 0.5f;
      target[(size_t)c * plane + (size_t)x] = (unsigned char)(value > 255 ? 255 : value);
    }
  }
}

// Half of a difference, rounded to the nearest even number as Python's round does.
static int half(int difference) {
  int lower = difference / 2;
  return difference % 2 == 1 && lower % 2 == 1 ? lower + 1 : lower;
}

int smoot_picture_fit(smoot_picture *picture, int height, int width, unsigned char *planes) {
  // The side that is the tighter one becomes exactly what is wanted.
  long long by_height = (long long)picture->width * height, by_width = (long long)picture->height * width;
  int scaled_width = by_height >= by_width ? (int)(by_height / picture->height) : width;
  int scaled_height = by_height >= by_width ? height : (int)(by_width / picture->width);
  taps rows = {0}, columns = {0};
  float *sums = NULL;
  int status = make_taps(&rows, picture->height, scaled_height, half(scaled_height - height), height);
  if (status == 0) status = make_taps(&columns, picture->width, scaled_width, half(scaled_width - width), width);
  if (status == 0) {
    int channels = picture->channels, left = columns.first[0];
    int right = columns.first[width - 1] + columns.count[width - 1];
    size_t values = (size_t)(right - left) * (size_t)channels, plane = (size_t)height * (size_t)width;
    size_t stride = (size_t)picture->width * (size_t)channels;
    sums = malloc(values * sizeof(float));
    if (!sums) status = -1;
    for (int y = 0; y < height && status == 0; y++) {
      memset(sums, 0, values * sizeof(float));
      const float *weights = rows.weights + (size_t)y * (size_t)rows.stride;
      for (int tap = 0; tap < rows.count[y]; tap++) {
        const unsigned char *row = picture->pixels + (size_t)(rows.first[y] + tap) * stride;
        add_row(sums, row + (size_t)left * (size_t)channels, weights[tap], values);
      }
      write_row(sums, &columns, width, channels, planes + (size_t)y * (size_t)width, plane);
    }
  }
  free(sums);
  release(&rows);
  release(&columns);
  return status;
}
