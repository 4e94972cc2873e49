"""The spectra of the pictures that networks saw: measured once, then kept.

MNIST's training digits for networks of digits. For photographs, crops of the server's own folder
of pictures where it has one, else of the gallery; where neither is there, a law of natural scenes.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from app.services.datasets import DatasetMissingError, grey_folder
from app.services.datasets.grey import read
from app.services.folder import PictureFolder
from app.services.gallery import Gallery
from app.services.images import ImageError
from app.services.maximize.spectrum import DARK, Spectrum, one_over_f, spectrum_of
from app.services.photo import decode_photo, resized, shown
from models.registry import InputSpec

DIGITS = 10_000  # the first of MNIST's training pictures
CROPS = 120  # of photographs
SIDE = 224  # pixels of a crop
_MOST_NAMES = 20_000  # of a folder
_PARTS = ("magnitude", "mean", "envelope", "axes", "spread")
_FORMAT = 2  # of the kept files; rises when what is computed changes


# What networks of small grey pictures saw, by the way of their input.
_GREY = {"digit": "mnist", "plain": "fashion-mnist"}
_SOURCES = {
    "digit": "MNIST, the first {} training digits",
    "plain": "Fashion-MNIST, the first {} training pictures",
}

Key = tuple[str | int, ...]


class Spectra:
    """Spectra by kind of network. Safe to use from several threads.

    ``data_dir`` and ``folder`` are the server's own MNIST and photographs (of at most
    ``max_pixels``), ``cache`` where spectra are kept from one run to the next.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        folder: PictureFolder | None = None,
        gallery: Gallery | None = None,
        cache: Path | None = None,
        max_pixels: int = 40_000_000,
    ) -> None:
        self._data_dir, self._folder, self._cache = data_dir, folder, cache
        self._gallery, self._max_pixels = gallery or Gallery(), max_pixels
        self._lock = threading.Lock()
        self._kept: dict[Key, Spectrum] = {}

    def of(self, spec: InputSpec) -> Spectrum:
        """The spectrum of what a network with this input was trained on, or the nearest to it."""
        digit = spec.kind == "digit"
        key = (spec.preprocessing, *spec.shape) if digit else ("photo", shown(spec))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._digits(spec, key) if digit else self._photos(spec, key)
            return self._kept[key]

    def _digits(self, spec: InputSpec, key: Key) -> Spectrum:
        try:
            folder = grey_folder(_GREY[spec.preprocessing], self._data_dir)
        except DatasetMissingError:
            return one_over_f(spec.shape[0], spec.shape[1:], DARK)
        return self._once(key, sorted(folder.iterdir()), lambda: _of_digits(folder, spec))

    def _photos(self, spec: InputSpec, key: Key) -> Spectrum:
        files, source = self._files()

        def measure() -> Spectrum:
            crops = self._crops(files, spec)
            if not crops:
                return one_over_f(3, (SIDE, SIDE))
            return spectrum_of(torch.stack(crops), f"{len(crops)} crops of {source}")

        return self._once(key, files, measure)

    def _once(self, key: Key, files: list[Path], measure: Callable[[], Spectrum]) -> Spectrum:
        """What was measured of these files before, by any run of the server, else now."""
        if self._cache is None or not files:
            return measure()
        kept = self._cache / "spectra" / _name(key, files)
        found = _read(kept)
        if found is None:
            found = measure()
            _write(kept, found)
        return found

    def _files(self) -> tuple[list[Path], str]:
        """At most `CROPS` pictures, and in words whose they are."""
        if self._folder is not None:
            names = list(islice(self._folder.names(), _MOST_NAMES))
            if names:
                some = names[:: -(-len(names) // CROPS)]
                text = f"{len(some)} of the folder's {len(names)} pictures"
                return [self._folder.path(name) for name in some], text
        cards = self._gallery.cards()
        paths = [self._gallery.path(card.id) for card in cards]
        return paths, f"the gallery's {len(paths)} pictures"

    def _crops(self, files: list[Path], spec: InputSpec) -> list[Tensor]:
        """Random crops 3×SIDE×SIDE, always the same, as large as the network sees things."""
        generator = np.random.default_rng(0)
        crops: list[Tensor] = []
        for file in files:
            with contextlib.suppress(ImageError, OSError):
                pixels = self._pixels(file, spec)
                for _ in range(-(-CROPS // len(files))):
                    crops.append(_crop(pixels, generator))
        return crops

    def _pixels(self, file: Path, spec: InputSpec) -> Tensor:
        """A picture with its shorter side as the network's photographs have it, 3×H×W in 0…1."""
        media_type = Image.MIME[Image.registered_extensions()[file.suffix.lower()]]
        photo = decode_photo(file.read_bytes(), media_type, self._max_pixels, spec)
        size = resized(photo.size, max(SIDE, shown(spec)))
        image = photo.image.resize(size, Image.Resampling.BILINEAR)
        return torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255


def _crop(pixels: Tensor, generator: np.random.Generator) -> Tensor:
    top, left = (int(generator.integers(side - SIDE + 1)) for side in pixels.shape[1:])
    return pixels[:, top : top + SIDE, left : left + SIDE]


def _of_digits(folder: Path, spec: InputSpec) -> Spectrum:
    """MNIST's digits, or Fashion-MNIST's clothes, with black around them up to the input's size."""
    channels, height, width = spec.shape
    images, _ = read(folder, "train")
    pixels = torch.from_numpy(images[:DIGITS].astype(np.float32) / 255)[:, None]
    down, across = (height - pixels.shape[2]) // 2, (width - pixels.shape[3]) // 2
    padded = F.pad(pixels, (across, across, down, down)).expand(-1, channels, -1, -1)
    source = _SOURCES[spec.preprocessing].format(f"{len(pixels):,}")
    return spectrum_of(padded, source, layout=True)


def _name(key: Key, files: list[Path]) -> str:
    """A file name that changes with the pictures."""
    stamps = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    digest = hashlib.sha256(repr((_FORMAT, key, stamps)).encode())
    return f"{digest.hexdigest()[:32]}.safetensors"


def _read(file: Path) -> Spectrum | None:
    """A kept spectrum; None where there is none, or a damaged one."""
    try:
        with safe_open(file, "pt") as body:
            parts = {name: body.get_tensor(name) for name in body.keys()}  # noqa: SIM118
            meta = body.metadata()
        height, width = (int(side) for side in meta["size"].split())
        return Spectrum(size=(height, width), source=meta["source"], **parts)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        return None


def _write(file: Path, spectrum: Spectrum) -> None:
    """Keep it; a full disk only costs the next run some time."""
    parts = {name: getattr(spectrum, name) for name in _PARTS}
    whole = {name: part.contiguous() for name, part in parts.items() if part is not None}
    height, width = spectrum.size
    with contextlib.suppress(OSError, SafetensorError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            new = Path(folder) / file.name
            save_file(whole, new, {"source": spectrum.source, "size": f"{height} {width}"})
            new.replace(file)
