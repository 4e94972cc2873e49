"""The pictures nearest to a photograph, below the input of the features view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.page import DrawPage
from tests.browser.test_photo import PhotoPage

FEATURES = "/#m=squeezenet1_1&w=random&v=features"


@pytest.fixture
def page(open_page: Callable[..., DrawPage]) -> PhotoPage:
    """The features of SqueezeNet with random weights."""
    page = open_page(FEATURES, kind=PhotoPage)
    assert isinstance(page, PhotoPage)
    return page


def test_pictures_seen_before_are_the_nearest_and_can_be_looked_at(page: PhotoPage) -> None:
    page.choose_file()
    first = page.state("s.pass.id")
    near = page.page.locator(".near")
    expect(near).to_contain_text("figure 4")
    page.choose_file(colour=(40, 200, 60))
    page.until("s.pass !== null && s.pass.id !== argument", first)
    expect(near.locator(".near-picture")).not_to_have_count(0)
    near.locator(".near-picture").first.click()
    page.until("s.photo.origin === 'pass' && s.pass !== null")


def test_the_list_says_how_a_folder_of_ones_own_is_compared(page: PhotoPage) -> None:
    page.choose_file()
    expect(page.page.locator(".near")).to_contain_text("CONVSCOPE_PICTURES_DIR")


def test_digits_have_no_such_list(open_page: Callable[..., DrawPage]) -> None:
    page = open_page("/#m=lenet5&v=network")
    page.page.get_by_role("link", name="Features").click()
    expect(page.page.locator(".map-grid").first).to_be_visible()
    expect(page.page.locator(".near")).to_be_hidden()
