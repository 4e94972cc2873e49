"""The pad and the answer: everything follows the pen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.page import SCRIBBLE, SEVEN, DrawPage
from tests.networks import DIGIT_NETWORKS


@pytest.mark.parametrize("model_id", DIGIT_NETWORKS)
def test_a_seven_is_read_as_a_seven(page: DrawPage, model_id: str) -> None:
    page.choose_network(model_id)
    page.clear()
    page.draw(SEVEN)
    expect(page.digit).to_have_text("7")
    assert page.prediction()["top"][0]["probability"] > 0.9
    expect(page.page.locator(".bar[data-rank='first']")).to_contain_text("7")
    expect(page.page.locator(".bar")).to_have_count(10)
    expect(page.notice).to_be_hidden()


def test_a_page_is_never_blank(page: DrawPage) -> None:
    expect(page.digit).to_have_text("7")
    expect(page.page.locator(".pad-invitation")).to_be_visible()
    expect(page.page.locator(".panel-empty")).to_be_visible()


def test_the_first_stroke_clears_the_sample(page: DrawPage) -> None:
    page.draw([[(14, 4), (14, 24)]])
    expect(page.digit).to_have_text("1")
    expect(page.page.locator(".pad-invitation")).to_be_hidden()


def test_everything_follows_while_the_pen_is_down(page: DrawPage) -> None:
    page.clear()
    page.settle()
    expect(page.digit).to_have_text("?")
    mouse, (stroke,) = page.page.mouse, SEVEN
    mouse.move(*page.at(stroke[0]))
    mouse.down()
    for point in stroke[1:]:
        before = page.state("({seq: s.frame.seq, pictures: __scene.pictures()})")
        mouse.move(*page.at(point), steps=3)
        page.until("s.frame.seq > argument.seq && __scene.pictures() > argument.pictures", before)
    expect(page.digit).to_have_text("7")  # and the pen is still down
    mouse.up()


def test_eraser_undo_redo_and_clear(page: DrawPage) -> None:
    page.clear()
    page.draw(SEVEN)
    full = page.ink()
    page.button("Eraser").click()
    page.draw([[(7, 6), (20, 6)]])
    erased = page.ink()
    assert erased < full
    for press, ink in ((page.button("Undo"), full), (page.button("Redo"), erased)):
        press.click()
        page.settle()
        assert page.ink() == ink
    page.page.keyboard.press("Control+z")
    page.settle()
    assert page.ink() == full
    page.clear()
    page.settle()
    assert page.ink() == 0
    page.button("Undo").click()
    page.settle()
    assert page.ink() == full


def test_a_wider_pen_leaves_more_ink(page: DrawPage) -> None:
    inks = []
    for width in ("1.4", "4"):
        page.page.get_by_role("slider", name="Pen width").fill(width)
        page.clear()
        page.draw(SEVEN)
        inks.append(page.ink())
    assert inks[1] > 1.5 * inks[0]


def test_an_empty_pad_is_no_digit(page: DrawPage) -> None:
    page.clear()
    page.settle()
    expect(page.notice).to_be_visible()
    assert page.prediction()["reason"] == "empty"


def test_a_scribble_is_no_digit(page: DrawPage) -> None:
    page.clear()
    page.draw(SCRIBBLE)
    expect(page.notice).to_be_visible()
    assert page.prediction()["unsure"]
    page.clear()
    page.draw(SEVEN)
    expect(page.notice).to_be_hidden()


def test_samples_are_read_right(page: DrawPage) -> None:
    samples = page.page.locator(".sample")
    expect(samples).to_have_count(20)
    for label in ("0", "3", "8"):
        page.page.get_by_role("button", name=f"A handwritten {label},").first.click()
        page.settle()
        expect(page.digit).to_have_text(label)


def test_centring_changes_what_the_network_sees(page: DrawPage) -> None:
    page.clear()
    page.draw([[(x / 2 + 1, y / 2 + 1) for x, y in stroke] for stroke in SEVEN])
    expect(page.digit).to_have_text("7")
    seen = "Array.from(s.frame.tensors.get('input').data)"
    centred = page.state(seen)
    page.page.get_by_text("Centre", exact=True).click()
    page.until("s.preprocess === 'none' && s.connection === 'open'")
    page.until("String(Array.from(s.frame.tensors.get('input').data)) !== argument", str(centred))
    page.settle()
    drawing = [value / 255 for value in page.drawing()]
    assert page.state("s.model.id") == "digitnet"
    mean, std = page.state("[s.model.input.mean[0], s.model.input.std[0]]")
    assert page.state(seen) == pytest.approx([(v - mean) / std for v in drawing], abs=1e-5)
