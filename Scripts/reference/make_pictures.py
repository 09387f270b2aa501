#!/usr/bin/env python3
"""Writes the pictures of the tests and what PIL makes of them (needs Pillow and numpy; not part of the test run).

    python3 Scripts/reference/make_pictures.py

For each picture NAME there is NAME.rgb: width and height as two 16-bit numbers, least byte first, then the RGB rows of convert('RGB') after exif_transpose;
NAME-SIZE.rgb is the same after torchvision's Resize(SIZE) with PIL's BILINEAR and CenterCrop(SIZE), NAME-SIZE.grey after convert('L').
"""
import io, os, struct
import numpy as np, PIL
from PIL import Image, ImageOps

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'Tests', 'SmootDatasetsTests', 'Fixtures', 'pictures')
os.makedirs(FOLDER, exist_ok=True)

def scene(width, height):
    """A smooth picture with an edge and some texture, different in each channel."""
    y, x = np.mgrid[0:height, 0:width]
    red = 127 + 120 * np.sin(0.21 * x + 0.05 * y)
    green = 255.0 * y / height
    blue = np.where((x - width / 3) ** 2 + (y - height / 2) ** 2 < (height / 4) ** 2, 230, 30 + 40 * ((x // 3 + y // 2) % 2))
    return np.clip(np.stack([red, green, blue], -1), 0, 255).astype(np.uint8)

def write_rgb(name, image):
    pixels = np.asarray(image)
    with open(os.path.join(FOLDER, name), 'wb') as file:
        file.write(struct.pack('<HH', pixels.shape[1], pixels.shape[0]) + pixels.tobytes())

def store(name, data):
    with open(os.path.join(FOLDER, name), 'wb') as file:
        file.write(data)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
    write_rgb(name + '.rgb', image)

def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()

def chunk(kind, data):
    import zlib
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

def png(width, height, depth, colour, rows, interlaced=False, extra=b''):
    """A PNG file of rows of bytes, written out by hand for what PIL does not write."""
    import zlib
    head = struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, int(interlaced))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + extra + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b'')

def adam7(pixels):
    """The bytes of the seven passes of an interlaced picture [height, width, bytes]."""
    result = b''
    for x, y, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for row in pixels[y::dy, x::dx]:
            if row.size: result += b'\0' + row.tobytes()
    return result

picture = Image.fromarray(scene(45, 31))
height, width = 31, 45
store('rgb.png', encoded(picture, 'PNG'))
store('grey.png', encoded(picture.convert('L'), 'PNG'))
store('palette.png', encoded(picture.quantize(40), 'PNG'))
store('palette-transparent.png', encoded(picture.quantize(16), 'PNG', transparency=3))
store('bits.png', encoded(picture.convert('1'), 'PNG'))
alpha = Image.fromarray((np.mgrid[0:height, 0:width][1] * 5).astype(np.uint8))
rgba = picture.copy(); rgba.putalpha(alpha)
store('rgba.png', encoded(rgba, 'PNG'))
grey_alpha = picture.convert('L'); grey_alpha.putalpha(alpha)
store('grey-alpha.png', encoded(grey_alpha, 'PNG'))
store('rgb-transparent.png', encoded(picture, 'PNG', transparency=(10, 20, 30)))
deep = (scene(45, 31).astype(np.uint16) * 257 + np.arange(45, dtype=np.uint16)[None, :, None]).astype('>u2')
store('rgb-16.png', png(width, height, 16, 2, b''.join(b'\0' + row.tobytes() for row in deep)))
store('rgb-interlaced.png', png(width, height, 8, 2, adam7(scene(45, 31)), True))
exif = Image.Exif(); exif[0x0112] = 6
store('orientation.png', encoded(picture, 'PNG', exif=exif))
# PIL reads 16 bits of grey without their high byte; what belongs here is the high byte, as in colour.
grey_deep = deep[:, :, 1]
with open(os.path.join(FOLDER, 'grey-16.png'), 'wb') as file:
    file.write(png(width, height, 16, 0, b''.join(b'\0' + row.tobytes() for row in grey_deep)))
write_rgb('grey-16.png.rgb', np.repeat((grey_deep.astype(np.uint16) >> 8).astype(np.uint8)[:, :, None], 3, 2))

store('baseline.jpg', encoded(picture, 'JPEG', quality=90))
store('progressive.jpg', encoded(picture, 'JPEG', quality=85, progressive=True))
store('grey.jpg', encoded(picture.convert('L'), 'JPEG', quality=90))
store('full-chroma.jpg', encoded(picture, 'JPEG', quality=90, subsampling=0))
store('cmyk.jpg', encoded(picture.convert('CMYK'), 'JPEG', quality=90))
store('restarts.jpg', encoded(picture, 'JPEG', quality=80, restart_marker_blocks=1))
for orientation in range(1, 9):
    exif = Image.Exif(); exif[0x0112] = orientation
    store(f'orientation-{orientation}.jpg', encoded(Image.fromarray(scene(21, 13)), 'JPEG', quality=90, exif=exif))

# Resizing: PNG, so that nothing but the resizing is compared.
def resized(name, width, height, sizes, to_grey=False):
    image = Image.fromarray(scene(width, height))
    with open(os.path.join(FOLDER, name + '.png'), 'wb') as file: file.write(encoded(image, 'PNG', optimize=True))
    for size in sizes:
        for ending, mode in [('rgb', 'RGB'), ('grey', 'L')]:
            source = image.convert(mode)
            short, long = min(source.size), max(source.size)
            other = int(size * long / short)
            new = (size, other) if source.size[0] <= source.size[1] else (other, size)
            scaled = source.resize(new, Image.BILINEAR)
            left, top = int(round((new[0] - size) / 2.0)), int(round((new[1] - size) / 2.0))
            write_rgb(f'{name}-{size}.{ending}', scaled.crop((left, top, left + size, top + size)))

resized('wide', 97, 60, [17, 32, 60, 75])
resized('tall', 50, 83, [16, 33])
resized('square', 64, 64, [64, 20])
print(sum(len(files) for _, _, files in os.walk(FOLDER)), 'files of', sum(os.path.getsize(os.path.join(FOLDER, f)) for f in os.listdir(FOLDER)), 'bytes with Pillow', PIL.__version__)
