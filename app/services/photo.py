"""From a photograph to the pixels that a network looks at.

"crop" is what torchvision does on Pillow's pictures: ``Resize(resize)``, ``CenterCrop(H, W)``,
``ToTensor()``, with its very rounding (torchvision 0.14, transforms/functional.py). "none"
squeezes the whole picture to H×W. Large JPEGs are decoded at a half, a quarter or an eighth,
as long as the shorter side stays `ENOUGH` times what the network is shown.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.Image import Resampling

from app.services.images import Bytes, ImageError, lies_on_its_side, opened, upright
from models.registry import InputSpec

ENOUGH = 4  # times the side that a picture is brought to: what decoding keeps at least
LONGEST = 50  # times the shorter side: a longer picture is refused

_FILTERS = {"bilinear": Resampling.BILINEAR, "bicubic": Resampling.BICUBIC}
_WHITE = (255, 255, 255)
_LARGEST = 1e30  # of a float in a picture: differences of larger ones would overflow

Size = tuple[int, int]  # width, height


@dataclass(frozen=True)
class Frame:
    """Which part of an upright picture of width × height pixels a network sees, in its pixels."""

    width: int
    height: int
    top: float
    left: float
    bottom: float
    right: float


@dataclass(frozen=True)
class Photo:
    """A decoded RGB picture; ``size`` is that of the upright original, which may be larger."""

    image: Image.Image
    size: Size


def decode_photo(body: bytes, media_type: str, max_pixels: int, spec: InputSpec) -> Photo:
    """A picture file in RGB, upright, transparency on white.

    Raises ImageError, ImageTooLargeError.
    """
    with opened(body, media_type, max_pixels) as image:
        size = image.size
        image.draft("RGB", resized(size, ENOUGH * shown(spec)))  # JPEG only
        turned = upright(image)
        return Photo(to_rgb(turned), size[::-1] if lies_on_its_side(image) else size)


def photos(pictures: Bytes) -> list[Photo]:
    """Pictures N×H×W×3, or N×H×W grey, as photographs."""
    images = [Image.fromarray(picture).convert("RGB") for picture in pictures]
    return [Photo(image, image.size) for image in images]


def shown(spec: InputSpec) -> int:
    """What a photograph's shorter side becomes, in pixels."""
    return spec.resize or min(spec.shape[1:])


def resized(size: Size, shorter: int) -> Size:
    """The size with the shorter side brought to ``shorter``; torchvision's rounding."""
    longer = int(shorter * max(size) / min(size))
    return (shorter, longer) if size[0] <= size[1] else (longer, shorter)


def crop(photo: Photo, spec: InputSpec) -> tuple[Bytes, Frame]:
    """What the network sees, H×W×3, and where that lies in the original.

    A picture that is brought to less than H×W lies in the middle of black, as in torchvision.
    Raises ImageError for a picture more than `LONGEST` times as long as it is wide.
    """
    if max(photo.size) > LONGEST * min(photo.size):
        shape = "×".join(str(side) for side in photo.size)
        raise ImageError(
            f"A picture of {shape} pixels is more than {LONGEST} times as long as it is wide; "
            "of so narrow a strip the network would see next to nothing."
        )
    size = resized(photo.size, shown(spec))
    height, width = spec.shape[1:]
    left, top = _start(size[0], width), _start(size[1], height)
    seen = _resize(photo.image, size, spec).crop((left, top, left + width, top + height))
    across, down = photo.size[0] / size[0], photo.size[1] / size[1]
    return np.asarray(seen), Frame(
        *photo.size,
        top=max(top, 0) * down,
        left=max(left, 0) * across,
        bottom=min(top + height, size[1]) * down,
        right=min(left + width, size[0]) * across,
    )


def squeeze(photo: Photo, spec: InputSpec) -> tuple[Bytes, Frame]:
    """The whole picture at the network's size, whatever its aspect: H×W×3, and its frame."""
    height, width = spec.shape[1:]
    seen = _resize(photo.image, (width, height), spec)
    return np.asarray(seen), Frame(*photo.size, 0, 0, photo.size[1], photo.size[0])


def _resize(image: Image.Image, size: Size, spec: InputSpec) -> Image.Image:
    if image.size == size:
        return image
    if spec.interpolation not in _FILTERS:
        raise ValueError(f"No interpolation is named {spec.interpolation!r}: {list(_FILTERS)}.")
    return image.resize(size, _FILTERS[spec.interpolation])


def _start(length: int, wanted: int) -> int:
    """Where the middle ``wanted`` of ``length`` pixels begin (torchvision's CenterCrop)."""
    if length < wanted:
        return -((wanted - length) // 2)
    return round((length - wanted) / 2)


def to_rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB of a picture of any mode, transparency on white."""
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(np.asarray(image)).convert("RGB")
    if image.mode == "CMYK":
        return _from_cmyk(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(rgba, mask=rgba.getchannel("A"))
    return ground


def _eight_bits(values: NDArray[Any]) -> Image.Image:
    """Grey of more than 8 bits: 16-bit codes by their range, floats in 0…1 as they are.

    Anything else is stretched from its least to its largest value.
    """
    unit = values.astype(np.float32)  # and from here on in place: the picture may be huge
    if values.dtype.kind == "u":
        unit /= np.iinfo(values.dtype).max
    else:
        np.nan_to_num(unit, copy=False, posinf=0, neginf=0)
        np.clip(unit, -_LARGEST, _LARGEST, out=unit)
        low, high = float(unit.min()), float(unit.max())
        if low < 0 or high > 1:
            unit -= low
            unit /= (high - low) or 1
    unit *= 255
    return Image.fromarray(np.rint(unit, out=unit).astype(np.uint8))


def _from_cmyk(image: Image.Image) -> Image.Image:
    """By the file's own colour profile where it has a usable one, else Pillow's plain formula."""
    profile = image.info.get("icc_profile")
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if turned is not None:
                return turned
    return image.convert("RGB")
