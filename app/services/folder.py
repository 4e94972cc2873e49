"""The user's own folder of photographs: what lies in it, and nothing outside of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from app.services import inputs
from app.services.images import FORMATS, ImageError

MOST_FILE_BYTES = 64 * 1024**2

_SUFFIXES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
}


class UnknownFileError(LookupError):
    """The folder has no such picture."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The folder of pictures has no {name[:200]!r}.")


class NoFolderError(RuntimeError):
    """The server was given no folder of pictures, or it is not there."""


class PictureFolder:
    """The pictures under ``root``; hidden files and what links lead outside are left alone.

    A picture's name is its path below the root, with forward slashes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise NoFolderError(f"CONVSCOPE_PICTURES_DIR: {root} is no folder.")

    def names(self) -> Iterator[str]:
        """Every picture's name, folder by folder, each in alphabetical order."""
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for file in sorted(files):
                name = (Path(folder) / file).relative_to(self.root).as_posix()
                if self.has(name):
                    yield name

    def path(self, name: str) -> Path:
        """A picture's file. Raises UnknownFileError for anything but a picture in the folder."""
        if not self.has(name):
            raise UnknownFileError(name)
        return (self.root / name).resolve()

    def media_type(self, name: str) -> str:
        """What its ending says that a picture is."""
        return _SUFFIXES[Path(name).suffix.lower()]

    def read(self, name: str) -> inputs.Upload:
        """A picture's file, recognised by its first bytes. Raises UnknownFileError, ImageError."""
        path = self.path(name)
        if path.stat().st_size > MOST_FILE_BYTES:
            raise ImageError(f"{name} is longer than {MOST_FILE_BYTES} bytes.")
        try:
            return inputs.recognise(path.read_bytes(), self.media_type(name), name)
        except (OSError, inputs.UnknownMediaTypeError) as error:
            raise ImageError(f"{name} cannot be read: {error}") from error

    def has(self, name: str) -> bool:
        """Whether this is a picture of the folder, judged by where it really lies."""
        try:
            real = (self.root / name).resolve()
            inside = real.is_relative_to(self.root) and real.is_file()
        except (OSError, ValueError, RuntimeError):  # too long, a null byte, a loop of links
            return False
        hidden = any(part.startswith(".") for part in Path(name).parts)
        return inside and not hidden and is_picture(name) and is_picture(real.name)


def is_picture(name: str) -> bool:
    """Whether a file's ending is that of a picture which is understood."""
    return _SUFFIXES.get(Path(name).suffix.lower()) in FORMATS
