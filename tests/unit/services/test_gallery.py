"""The gallery: what is listed, what is here."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from app.services.gallery import ROOT, Gallery, UnknownPictureError
from app.services.thumbnails import Thumbnails, thumbnail
from tests.unit.services.pictures import scene


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """Only two of the pictures are here."""
    scene(40, 30).save(tmp_path / "chelsea.png")
    scene(30, 40).save(tmp_path / "rocket.jpg")
    scene(30, 40).save(tmp_path / "stranger.jpg")
    return Gallery(tmp_path)


def test_what_is_here_is_listed(gallery: Gallery) -> None:
    assert [card.id for card in gallery.cards()] == ["chelsea", "rocket"]
    assert gallery.image("rocket").size == (30, 40)


@pytest.mark.parametrize("name", ["coffee", "stranger", "../chelsea", "", "chelsea.png"])
def test_nothing_else_is_given(gallery: Gallery, name: str) -> None:
    with pytest.raises(UnknownPictureError) as refusal:
        gallery.path(name)
    assert refusal.value.valid == ["chelsea", "rocket"]


def test_without_its_folder_it_is_empty(tmp_path: Path) -> None:
    assert Gallery(tmp_path / "nothing").cards() == []


def test_every_picture_names_its_owner_and_a_free_licence(tmp_path: Path) -> None:
    everything = Gallery(tmp_path)._cards
    free = {"CC0 1.0", "Public domain", "No known copyright restrictions"}
    assert len({card.id for card in everything}) == len(everything) >= 10
    for card in everything:
        assert card.credit
        assert card.licence in free
        assert re.fullmatch("[0-9a-f]{64}", card.sha256)
        assert re.fullmatch("[a-z]+", card.id)


def test_the_documentation_credits_every_picture() -> None:
    text = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    for card in Gallery()._cards:
        assert f"| [{card.title}]({card.source}) | {card.credit} | {card.licence} |" in text


def test_thumbnails_are_small_and_made_once() -> None:
    made: list[int] = []

    def picture() -> Image.Image:
        made.append(1)
        return scene(400, 200)

    thumbnails = Thumbnails()
    first = thumbnails.get("cat", 64, picture)
    assert thumbnails.get("cat", 64, picture) is first
    assert thumbnails.get("cat", 32, picture) != first
    assert len(made) == 2


@pytest.mark.parametrize("mode", ["RGBA", "L", "CMYK", "P", "I;16"])
def test_thumbnails_of_every_mode(mode: str) -> None:
    body = thumbnail(Image.new(mode, (90, 30)), 30)
    assert Image.open(io.BytesIO(body)).size == (30, 10)
