"""Files of pictures as one array, decoded once and kept on disk."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.services import inputs, photo
from app.services.datasets.errors import DatasetDamagedError, DatasetTooLargeError
from app.services.datasets.idx import Bytes, Split
from app.services.datasets.places import Progress
from app.services.datasets.sets import Half
from app.services.datasets.tree import File, Tree
from app.services.folder import MOST_FILE_BYTES
from app.services.images import ImageError
from models.registry import InputSpec

MOST_BYTES = 1024**3  # of the pictures of both splits, decoded
KEPT_BYTES = 4 * 1024**3  # of decoded pictures on disk
MOST_PIXELS = 40_000_000  # of one file
_TOLD = 32  # pictures between two words of progress


def half(
    tree: Tree, split: Split, side: int, cache_dir: Path | None, progress: Progress | None = None
) -> Half:
    """The pictures of a split, N×side×side×3: the middle of each, as photographs are seen.

    Raises DatasetTooLargeError, and DatasetDamagedError where no file can be read.
    """
    check_size(len(tree.train) + len(tree.test), side)
    files = tree.files(split)
    kept = None if cache_dir is None else cache_dir / "datasets" / f"{tree.stamp(split)}-{side}.npy"
    found = None if kept is None else _kept(kept, files)
    if found is None:
        found = _decode(tree.root, files, side, progress)
        if kept is not None:
            _keep(kept, found)
    if len(found.labels) == 0:
        raise DatasetDamagedError(f"None of the {len(files)} pictures in {tree.root} can be read.")
    return found


def check_size(count: int, side: int) -> None:
    """Raises DatasetTooLargeError, which names the largest size that fits."""
    if count * side * side * 3 > MOST_BYTES:
        fits = int((MOST_BYTES / 3 / count) ** 0.5)
        raise DatasetTooLargeError(
            f"{count} pictures of {side}×{side} pixels need {count * side * side * 3 / 1e9:.1f} GB "
            f"of memory. With a size of at most {fits} they fit."
        )


def square(path: Path, name: str, side: int | None) -> Bytes:
    """The middle of a picture, side×side×3; None: its shorter side, 256 at most.

    Raises ImageError for a file that is no readable picture.
    """
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise ImageError(f"{name} is longer than {MOST_FILE_BYTES} bytes.")
        upload = inputs.recognise(path.read_bytes(), "", name)
    except (OSError, inputs.UnknownMediaTypeError) as error:
        raise ImageError(f"{name} cannot be read: {error}") from error
    decoded = photo.decode_photo(upload.body, upload.media_type, MOST_PIXELS, _spec(side or 256))
    return photo.crop(decoded, _spec(side or min(256, *decoded.size)))[0]


def _spec(side: int) -> InputSpec:
    zero, one = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    return InputSpec((3, side, side), "RGB", zero, one, "photo", channels="RGB", resize=side)


def _decode(root: Path, files: Sequence[File], side: int, progress: Progress | None) -> Half:
    pictures = np.empty((len(files), side, side, 3), np.uint8)
    places: list[int] = []
    left_out: list[str] = []
    for place, file in enumerate(files):
        if progress is not None and place % _TOLD == 0:
            progress(place, len(files))
        try:
            pictures[len(places)] = square(root / file.name, file.name, side)
        except ImageError:
            left_out.append(file.name)
            continue
        places.append(place)
    if progress is not None:
        progress(len(files), len(files))
    return _half(pictures[: len(places)], places, files, left_out)


def _half(
    pictures: Bytes, places: Sequence[int], files: Sequence[File], left_out: Sequence[str]
) -> Half:
    labels = [files[place].label for place in places]
    return Half(pictures, np.array(labels, np.int64), np.array(places, np.int64), tuple(left_out))


def _kept(path: Path, files: Sequence[File]) -> Half | None:
    """What was kept, read as far as it is used; None where there is nothing, or half of it."""
    try:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        pictures = np.load(path, mmap_mode="r", allow_pickle=False)
        os.utime(path)
    except (OSError, ValueError):
        return None
    return _half(pictures, about["places"], files, about["left_out"])


def _keep(path: Path, found: Half) -> None:
    """Write it down, at once or not at all, and drop what was used least lately.

    Where the disk is full, the pictures are decoded again the next time.
    """
    about = {"places": found.places.tolist(), "left_out": found.left_out}
    part = path.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                np.save(file, found.pictures, allow_pickle=False)
            path.with_suffix(".json").write_text(json.dumps(about), encoding="utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _tidy(path.parent)


def _tidy(folder: Path) -> None:
    """Keep the last used ones, `KEPT_BYTES` together."""
    total = 0
    for path in sorted(folder.glob("*.npy"), key=lambda each: -each.stat().st_mtime_ns):
        total += path.stat().st_size
        if total > KEPT_BYTES:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
