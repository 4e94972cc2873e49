"""The train view: a form that starts at once, the controls of a run, the layer designer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Guard
from tests.browser.page import DrawPage
from tests.browser.test_look import findings
from tests.browser.test_touch import PHONE

SMALL = "{model: 'mlp', dataset: {id: 'mnist', share: 0.02}, epochs: 2, batch: 120, speed: 1}"
# As fast as it goes: a busy machine had to find the time to pause it.
FASTER = """fetch(`/api/v1/trainings/${__store.get().training}`, {
  method: 'PATCH', headers: {'Content-Type': 'application/json'}, body: '{"speed": 0}',
})"""
OPEN_ALL = "document.querySelectorAll('.setup-part').forEach((part) => { part.open = true; })"


class TrainPage(DrawPage):
    """The form, or the shown training."""

    def wait_until_ready(self) -> None:
        """Wait for the network, and for what the server says of the form."""
        self.page.set_default_timeout(60_000)  # a training gives way to other work
        self.until("!!s?.model && s.models.length > 0")

    @property
    def facts(self) -> Locator:
        """What the training would come to."""
        return self.page.locator(".setup-facts")

    def part(self, name: str) -> Locator:
        """A part of the form by its id."""
        return self.page.locator(f".setup-part[data-part='{name}']")

    def top_of(self, selector: str) -> float:
        """How far down the page it begins, in pixels of the window."""
        box = self.page.locator(selector).bounding_box()
        assert box
        return box["y"]

    def ask_for(self, request: str) -> None:
        """Fill the form in, and wait until it is checked."""
        self.page.evaluate(f"__store.set({{trainingDraft: {request}}})")
        expect(self.facts).to_contain_text("steps")

    def start(self) -> None:
        """Press Start, and wait until the training is shown."""
        self.button("Start").click()
        self.until("!!s.training && !!s.trainingData")


Open = Callable[..., TrainPage]


@pytest.fixture
def open_train(open_page: Callable[..., DrawPage]) -> Open:
    """``open_train(path, **context options)``: the train view."""

    def open_(path: str = "/#v=train", **options: Any) -> TrainPage:
        page = open_page(path, kind=TrainPage, **options)
        assert isinstance(page, TrainPage)
        return page

    return open_


def test_a_newcomer_trains_pauses_steps_and_keeps_the_network(open_train: Open) -> None:
    page = open_train()
    expect(page.page.locator(".setup-lead")).to_contain_text("LeNet-5 (1998) is about to learn")
    expect(page.facts).to_contain_text("60,000 examples")
    page.ask_for(SMALL)
    page.start()
    page.until("s.trainingData.step > 0 && location.hash.includes('tr=')")
    page.button("Pause").click()
    page.until("s.trainingData.state === 'paused'")
    before = page.state("s.trainingData.step")
    page.button("Step").click()
    page.until("s.trainingData.step > argument", before)
    page.page.get_by_role("slider", name="Learning rate").press("Home")
    expect(page.page.locator(".rate-value")).to_have_text("1.0e−6")
    page.button("Rename").click()
    page.page.locator(".run-name").fill("My own")
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".runs-title").first).to_have_text("My own")
    page.page.evaluate(FASTER)
    page.button("Go on").click()
    page.until("s.trainingData.state === 'done' && s.trainingData.changes.at(-1)?.value === 1e-6")
    expect(page.page.locator(".run-progress")).to_contain_text("step 20 of 20")
    page.page.get_by_label("Epochs more").select_option("1")
    page.button("Train longer").click()
    page.until("s.trainingData.state === 'done' && s.trainingData.step === 30")
    expect(page.page.locator(".run-progress")).to_contain_text("step 30 of 30")
    page.until("s.model.id === s.trainingData.model")
    assert findings(page) == []
    page.button("More").click()
    with page.page.expect_download() as download:
        page.page.get_by_role("link", name="Save the network").click()
    assert download.value.suggested_filename.endswith(".safetensors")
    page.button("Delete My own").click()
    page.button("Really delete?").click()
    page.until("s.training === null")
    expect(page.button("Start")).to_be_visible()


def test_layers_are_put_together_by_keyboard_and_problems_are_words(open_train: Open) -> None:
    page = open_train()
    page.part("network").locator("summary").click()
    page.button("LeNet with ReLU").click()
    rows = page.page.locator(".designer-row")
    expect(rows).to_have_count(10)
    expect(rows.first).to_contain_text("6 × 28 × 28")
    rows.first.get_by_label("kernel").fill("9")
    expect(rows.first).to_contain_text("6 × 24 × 24")
    rows.nth(3).get_by_label("kernel").fill("15")
    expect(page.part("network").locator(".designer-row .setup-problem:visible")).to_have_count(1)
    expect(page.part("network").locator(".setup-mark")).to_be_visible()
    rows.nth(3).get_by_label("kernel").fill("5")
    expect(page.part("network").locator(".setup-mark")).to_be_hidden()
    rows.nth(1).focus()
    page.page.keyboard.press("Alt+ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    expect(rows.nth(2)).to_contain_text("Activation")
    page.page.keyboard.press("Delete")
    expect(rows).to_have_count(9)
    page.button("Add a layer").click()
    page.page.locator(".designer-menu .choice-entry", has_text="Batch normalization").click()
    expect(rows).to_have_count(10)
    page.until("s.trainingDraft.design.layers[3].type === 'batch_norm'")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_and_a_broken_run_on_a_phone(open_train: Open, guard: Guard, theme: str) -> None:
    page = open_train(color_scheme=theme, **PHONE)
    expect(page.facts).to_contain_text("steps")
    page.page.evaluate(OPEN_ALL)
    expect(page.page.locator(".augment-sprite")).to_be_visible()
    assert findings(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.page.locator("[data-experiment=broken]").click()
    page.until("s.trainingData?.state === 'done' && s.trainingData.diverged > 0")
    expect(page.page.locator(".run-happened")).to_contain_text("learning rate of 30 is too large")
    expect(page.page.locator(".run-note")).to_contain_text("Look at the loss")
    assert page.top_of("#pad") < page.top_of(".train-tabs") < page.top_of(".runs")
    expect(page.page.get_by_role("slider", name="Moment")).to_be_in_viewport()
    assert findings(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.button("Once more, with changes").click()
    page.until("s.training === null && s.trainingDraft.optimizer.learning_rate === 30")
