"""Files of pictures: which kinds are understood, opening them safely, turning them upright.

Nothing is decoded before the header's size has been checked. Of animated pictures the first
frame counts.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, features
from PIL.Image import Transpose

Bytes = NDArray[np.uint8]

# Media type → Pillow's name of the format.
FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
} | ({"image/avif": "AVIF"} if features.check("avif") else {})

_ORIENTATION = 0x0112  # the EXIF tag
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


class ImageError(ValueError):
    """A body that is not a usable picture; ``field`` names the part of the request."""

    def __init__(self, message: str, field: str = "body") -> None:
        self.field = field
        super().__init__(message)


class ImageTooLargeError(ImageError):
    """A picture with more pixels, or a call with more pictures, than the server takes."""

    def __init__(self, message: str, limit: str, most: int) -> None:
        self.limit, self.most = limit, most
        super().__init__(message)


@contextlib.contextmanager
def opened(body: bytes, media_type: str, max_pixels: int) -> Iterator[Image.Image]:
    """The picture, not decoded yet; whatever goes wrong with it in the block is an ImageError.

    ``media_type`` is a key of `FORMATS`. Raises ImageError, ImageTooLargeError.
    """
    if not body:
        raise ImageError("The image is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(body), formats=[FORMATS[media_type]]) as image:
                if image.width * image.height > max_pixels:
                    raise _too_many_pixels(max_pixels)
                yield image
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(max_pixels) from error
    except Exception as error:  # Pillow's decoders raise nearly everything for broken files
        raise ImageError(f"The body is not a readable {media_type}.") from error


def check_total(files: Iterable[tuple[bytes, str]], most: int) -> None:
    """Refuse bodies (with media types) that promise more than ``most`` pixels together.

    Only headers are read. A file that cannot be read counts nothing: it fails later, with reason.
    Raises ImageTooLargeError.
    """
    total = 0
    for body, media_type in files:
        with contextlib.suppress(ImageError), opened(body, media_type, most) as image:
            total += image.width * image.height
        if total > most:
            raise ImageTooLargeError(
                f"The pictures have more than {most} pixels together.", "max_pixels_together", most
            )


def upright(image: Image.Image) -> Image.Image:
    """The picture, decoded, turned as its EXIF orientation says (CIPA DC-008, section 4.6.4)."""
    image.load()  # Pillow turns a TIFF by itself here, and then forgets its orientation
    turn = _TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def lies_on_its_side(image: Image.Image) -> bool:
    """Whether `upright` swaps the width and the height of this decoded picture."""
    return _orientation(image) >= 5


def _orientation(image: Image.Image) -> int:
    """1…8; 1 where the EXIF block is missing or broken, which spoils no picture."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # Pillow's EXIF reader raises nearly everything for broken blocks
        return 1


def _too_many_pixels(most: int) -> ImageTooLargeError:
    return ImageTooLargeError(f"The picture has more than {most} pixels.", "max_pixels", most)
