"""The Network view as tests speak of it: draw, read, look at units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

Point = tuple[float, float]
Stroke = Sequence[Point]

# Strokes on the pad, in cells of 0…28 from the top left corner.
SEVEN: list[Stroke] = [[(7, 6.5), (13, 6.2), (20.5, 6), (17.5, 12), (14.5, 18), (12.5, 23)]]
SCRIBBLE: list[Stroke] = [
    [(3, 3), (25, 25), (3, 24), (25, 4), (14, 2), (13, 26), (2, 14), (26, 13), (6, 21), (22, 8)]
]


@dataclass(frozen=True)
class Unit:
    """A unit as the page addresses it."""

    stage: str
    channel: int = 0
    y: int = 0
    x: int = 0

    @property
    def json(self) -> dict[str, Any]:
        """As the page's modules take it."""
        return {"stage": self.stage, "channel": self.channel, "y": self.y, "x": self.x}


class DrawPage:
    """One page with the Network view of a digit network."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(10_000)
        self.pad = page.locator("#pad")
        self.digit = page.locator(".answer-digit")
        self.notice = page.locator(".unsure")
        self.scene = page.locator(".scene")
        self.panel = page.locator(".panel")

    def open(self, url: str) -> None:
        """Go there and wait until a drawing is classified and its picture drawn."""
        self.page.goto(url, timeout=30_000)  # beside a scan, on a busy machine
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait for the first answer and the first picture."""
        self.until("!!window.__store && !!__store.get().frame && __scene.pictures() > 0")
        expect(self.digit).not_to_be_empty()
        self.settle()

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until a JavaScript condition holds; ``s`` is the page's state."""
        self.page.wait_for_function(
            f"(argument) => {{ const s = window.__store?.get(); return {condition}; }}",
            arg=argument,
        )

    def state(self, expression: str, argument: Any = None) -> Any:
        """What an expression over the page's state ``s`` gives."""
        return self.page.evaluate(
            f"(argument) => {{ const s = __store.get(); return {expression}; }}", argument
        )

    def settle(self) -> None:
        """Wait until the answer belongs to the drawing, and the picture to the answer."""
        self.page.evaluate(SETTLE)

    def choose_network(self, model_id: str) -> None:
        """Pick a network in the header, unless it is the present one."""
        if self.state("s.model.id") == model_id:
            return
        self.page.locator("button.chooser").click()
        self.page.locator(f".network[data-model='{model_id}']").click()
        self.until("s.model?.id === argument && !!s.frame", model_id)
        self.settle()

    def clear(self) -> None:
        """Empty the pad with its button."""
        self.page.get_by_role("button", name="Clear", exact=True).click()

    def at(self, point: Point) -> Point:
        """Where a cell of the pad lies on the screen."""
        box = self.pad.bounding_box()
        assert box is not None
        return box["x"] + point[0] / 28 * box["width"], box["y"] + point[1] / 28 * box["height"]

    def draw(self, strokes: Sequence[Stroke], steps: int = 4) -> None:
        """Draw with the mouse, and wait for the answer."""
        for stroke in strokes:
            self.page.mouse.move(*self.at(stroke[0]))
            self.page.mouse.down()
            for point in stroke[1:]:
                self.page.mouse.move(*self.at(point), steps=steps)
            self.page.mouse.up()
        self.settle()

    def ink(self) -> int:
        """How much ink is on the pad: the sum of its 784 bytes."""
        total: int = self.state("s.ink.reduce((a, b) => a + b, 0)")
        return total

    def drawing(self) -> bytes:
        """The 784 bytes that are sent."""
        return bytes(self.state("Array.from(s.drawing)"))

    def prediction(self) -> dict[str, Any]:
        """The first prediction of the last answer."""
        found: dict[str, Any] = self.state("s.frame.prediction")
        return found

    def place_of(self, unit: Unit) -> Point:
        """Where the scene shows a unit."""
        place = self.page.evaluate("(unit) => __scene.screenOf(unit)", unit.json)
        assert place is not None, f"{unit} is not on the screen"
        return place["x"], place["y"]

    def unit_at(self, place: Point) -> Unit | None:
        """The unit that the scene shows there."""
        found = self.page.evaluate("([x, y]) => __scene.unitAt(x, y)", list(place))
        return Unit(**found) if found else None

    def visible_unit(self, stage: str) -> tuple[Unit, Point]:
        """A unit of a stage that nothing hides, and its place."""
        found = self.page.evaluate(VISIBLE_UNIT, stage)
        assert found is not None, f"no unit of {stage} can be pointed at"
        return Unit(**found["unit"]), (found["place"]["x"], found["place"]["y"])

    def hover(self, place: Point) -> None:
        """Point at a place of the scene and wait for the picture that answers."""
        self.page.mouse.move(place[0] - 3, place[1] - 3)
        self.page.mouse.move(*place)
        self.settle()

    def pinned(self) -> Unit | None:
        """The pinned unit."""
        found = self.state("s.pinned")
        return Unit(**found) if found else None

    def button(self, name: str) -> Locator:
        """A button by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)


# Counts the drawings that are sent and not answered yet.
COUNT_DRAWINGS = """(() => {
  window.__unanswered = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (this.unanswered === undefined) {
      this.unanswered = 0;
      const less = (count) => { window.__unanswered -= count; this.unanswered -= count; };
      this.addEventListener('message', () => less(1));
      this.addEventListener('close', () => less(this.unanswered));
    }
    this.unanswered++;
    window.__unanswered++;
    return send.call(this, data);
  };
})();"""

# Every drawing is answered, and for three displayed frames nothing changed any more.
SETTLE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const now = () => [__store.get().frame, __store.get().drawing, __scene.pictures()];
  let last = [];
  for (let calm = 0; calm < 3;) {
    await frame();
    const same = now().every((value, i) => value === last[i]);
    calm = window.__unanswered === 0 && same ? calm + 1 : 0;
    last = now();
  }
}"""

# The nearest to the middle of the scene of all units of a stage that picking gives back.
VISIBLE_UNIT = """(id) => {
  const stage = __store.get().model.stages.find((each) => each.id === id);
  const [channels, height = 1, width = 1] = stage.shape;
  const box = document.querySelector('.scene canvas').getBoundingClientRect();
  const middle = [box.left + box.width / 2, box.top + box.height / 2];
  let best = null;
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const unit = {stage: id, channel, y, x};
        const exact = __scene.screenOf(unit);
        if (!exact) continue;
        const place = {x: Math.floor(exact.x), y: Math.floor(exact.y)}; // a mouse has whole pixels
        const away = Math.hypot(place.x - middle[0], place.y - middle[1]);
        if (best && away >= best.away) continue;
        const found = __scene.unitAt(place.x, place.y);
        if (document.elementFromPoint(place.x, place.y)?.tagName !== 'CANVAS') continue;
        if (JSON.stringify(found) === JSON.stringify(unit)) best = {unit, place, away};
      }
  return best;
}"""
