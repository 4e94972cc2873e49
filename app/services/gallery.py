"""The free pictures that come with the server; scripts/gallery.py brings them."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "static" / "vendor" / "gallery"
MANIFEST = Path(__file__).with_name("gallery.toml")


class UnknownPictureError(LookupError):
    """No picture has this id; ``valid`` lists those that exist, ``nearest`` the most similar."""

    def __init__(self, picture_id: str, valid: list[str]) -> None:
        self.valid = valid
        close = difflib.get_close_matches(picture_id, valid, n=1, cutoff=0.4)
        self.nearest = close[0] if close else None
        super().__init__(f"No picture is named {picture_id!r}.")


@dataclass(frozen=True)
class Card:
    """One entry of gallery.toml: what a picture shows, whose it is, and where it came from."""

    id: str
    title: str
    credit: str
    licence: str
    source: str
    member: str
    sha256: str
    width: int
    height: int

    @property
    def file(self) -> str:
        """The picture's name in the gallery's folder."""
        return self.id + Path(self.member).suffix


class Gallery:
    """The pictures of gallery.toml that lie in ``folder``."""

    def __init__(self, folder: Path = FOLDER, manifest: Path = MANIFEST) -> None:
        self._folder, self._manifest = folder, manifest

    @cached_property
    def _cards(self) -> list[Card]:
        entries = tomllib.loads(self._manifest.read_text(encoding="utf-8"))["picture"]
        return [Card(**entry) for entry in entries]

    def cards(self) -> list[Card]:
        """Those that are here, in the manifest's order."""
        return [card for card in self._cards if (self._folder / card.file).is_file()]

    def path(self, picture_id: str) -> Path:
        """A picture's file. Raises UnknownPictureError."""
        files = {card.id: card.file for card in self.cards()}
        if picture_id not in files:
            raise UnknownPictureError(picture_id, list(files))
        return self._folder / files[picture_id]

    def image(self, picture_id: str) -> Image.Image:
        """A picture, decoded. Raises UnknownPictureError."""
        with Image.open(self.path(picture_id)) as image:
            image.load()
            return image
