"""Taking things away: the link, the picture, the numbers."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.page import DrawPage


@pytest.fixture
def page(open_page: Callable[..., DrawPage]) -> DrawPage:
    """Harley's network, conv1 in the drawer, the clipboard allowed."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.choose_network("harley")
    page.page.get_by_role("tab", name="conv1").click()
    page.settle()
    return page


def choose(page: DrawPage, entry: str) -> None:
    """Pick an entry of the share menu."""
    page.button("Share").click()
    page.button(entry).click()


def download(page: DrawPage, entry: str) -> tuple[str, bytes]:
    """The name and the bytes of what an entry saves."""
    with page.page.expect_download() as waiting:
        choose(page, entry)
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def copied(page: DrawPage, entry: str) -> str:
    """What an entry puts on the clipboard."""
    choose(page, entry)
    expect(page.page.get_by_text("Copied.", exact=True).last).to_be_visible()
    text: str = page.page.evaluate("navigator.clipboard.readText()")
    return text


def test_the_view_as_png(page: DrawPage) -> None:
    name, body = download(page, "View as PNG")
    assert name == "convscope-harley.png"
    picture = Image.open(io.BytesIO(body))
    assert picture.width > 1000
    colours = picture.convert("RGB").getcolors(maxcolors=2**24)
    assert colours is not None
    assert len(colours) > 100


def test_a_layer_as_npy_and_csv(page: DrawPage) -> None:
    values = np.array(page.state("Array.from(s.frame.tensors.get('tanh1').data)"))
    _, body = download(page, "Layer tanh1 as NPY")
    array = np.load(io.BytesIO(body)).squeeze()
    assert array.shape == (6, 28, 28)
    assert array.ravel() == pytest.approx(values, abs=1e-5)
    name, text = download(page, "Layer tanh1 as CSV")
    assert name == "convscope-harley-tanh1.csv"
    rows = np.loadtxt(io.BytesIO(text), delimiter=",", skiprows=1)
    assert rows.shape == (values.size, 4)
    assert rows[:, 3] == pytest.approx(values, rel=1e-6)
    channel, y, x, value = rows[-1]
    assert value == pytest.approx(array[int(channel), int(y), int(x)], abs=1e-5)


def test_the_link_is_the_address_of_the_picture(page: DrawPage) -> None:
    link = copied(page, "Copy a link to this picture")
    assert "m=harley" in link
    assert "d=" in link


@pytest.mark.parametrize("entry", ["curl", "Python"])
def test_the_prediction_as_code(page: DrawPage, tmp_path: Path, entry: str) -> None:
    text = copied(page, f"Copy the prediction as {entry}")
    command = ["bash", "-euc", text] if entry == "curl" else [sys.executable, "-c", text]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path
    )
    assert '"label":"7"' in done.stdout.replace(" ", "")
