"""A picture of a digit from outside: chosen, dropped, pasted."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.page import DrawPage

# A data transfer with one file in it, dispatched as the event of that name.
SEND = """([kind, target, text]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], 'digit.png', {type: 'image/png'}));
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true})
    : new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true});
  document.querySelector(target).dispatchEvent(event);
}"""


def photograph() -> bytes:
    """A one in dark ink on grey paper, larger than the pad, as a PNG."""
    shade = np.linspace(190, 235, 200, dtype=np.uint8)
    picture = Image.fromarray(np.tile(shade, (240, 1)))
    ImageDraw.Draw(picture).line([(110, 50), (100, 190)], fill=30, width=18)
    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()


@pytest.mark.parametrize(("kind", "target"), [("drop", "#pad"), ("paste", "body")])
def test_a_picture_is_dropped_or_pasted(page: DrawPage, kind: str, target: str) -> None:
    page.clear()
    page.settle()
    page.page.evaluate(SEND, [kind, target, base64.b64encode(photograph()).decode()])
    expect(page.digit).to_have_text("1")


def test_a_picture_is_chosen_as_a_file(page: DrawPage) -> None:
    page.clear()
    page.settle()
    with page.page.expect_file_chooser() as chooser:
        page.button("Use a picture of a digit").click()
    chooser.value.set_files({"name": "one.png", "mimeType": "image/png", "buffer": photograph()})
    expect(page.digit).to_have_text("1")
    page.button("Undo").click()
    expect(page.digit).to_have_text("?")


def test_a_file_that_is_no_picture_is_refused_in_words(page: DrawPage) -> None:
    before = page.drawing()
    text = base64.b64encode(b"not a picture").decode()
    page.page.evaluate(SEND, ["drop", "#pad", text])
    expect(page.page.get_by_text("This file cannot be read as a picture.")).to_be_visible()
    assert page.drawing() == before
