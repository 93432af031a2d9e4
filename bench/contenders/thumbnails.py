"""Reads numbers of images from standard input, one a line, and makes the thumbnails of so many, with one
process for each core; answers with the seconds that it took. Arguments: the image, the processes."""

import io
import sys
import time
from multiprocessing import Pool

from PIL import Image, ImageOps

with open(sys.argv[1], "rb") as file:
    SOURCE = file.read()


def make_thumbnails(_):
    for height in (200, 400):
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(SOURCE)))
        image.thumbnail((image.width, height))
        image.save(io.BytesIO(), "JPEG", quality=80, optimize=True, progressive=True)


def make_thumbnails_draft(_):
    """Decodes at a fraction of the size, by saying so before the orientation is looked at."""
    for height in (200, 400):
        image = Image.open(io.BytesIO(SOURCE))
        image.thumbnail((image.width, height))
        ImageOps.exif_transpose(image).save(
            io.BytesIO(), "JPEG", quality=80, optimize=True, progressive=True
        )


if __name__ == "__main__":
    with Pool(int(sys.argv[2])) as pool:
        for line in sys.stdin:
            kind, count = line.split()
            work = make_thumbnails_draft if kind == "draft" else make_thumbnails
            started = time.perf_counter()
            pool.map(work, range(int(count)), chunksize=1)
            print(time.perf_counter() - started, flush=True)
