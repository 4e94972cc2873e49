"""How a picture is made: the method, its size, how many steps, and what stands still."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.schemas.maximize import Method, Precision, Preset
from models.registry import InputSpec


@dataclass(frozen=True)
class Recipe:
    """Everything about a run but what is maximized.

    ``size`` is the side of the picture in pixels, at which the network is also fed; None: the
    network's own. ``transforms``: whether pictures are moved a little before each step.
    ``learning_rate`` None: the method's own. ``early_stop``: whether a picture is finished as
    soon as its score rises no more.
    """

    method: Method = "fourier"
    steps: int = 128
    size: int | None = None
    seed: int = 0
    transforms: bool = True
    precision: Precision = "auto"
    learning_rate: float | None = None
    early_stop: bool = True


# By what the network looks at. Chosen by looking at pictures, and at scores measured again at the
# network's own size: photographs of 128 pixels lose most of theirs when they are enlarged to 224,
# and 64 steps at 192 cost no more than 144 at 128. A network that itself looks at less gets
# pictures of its own size: made larger, they lose half of their score when they are reduced.
FAST: dict[str, Recipe] = {
    "digit": Recipe(steps=128, learning_rate=0.1),
    "photo": Recipe(steps=64, size=192, learning_rate=0.07),
    "small photo": Recipe(steps=128, learning_rate=0.05),  # 64 steps at 0.07 are grainy
}
FINE: dict[str, Recipe] = {
    "digit": Recipe(steps=512),
    "photo": Recipe(steps=320, size=224, learning_rate=0.02),  # 0.05 ends in glaring colours
    "small photo": Recipe(steps=320, learning_rate=0.02),
}


def preset(name: Preset, spec: InputSpec, method: Method = "fourier") -> Recipe:
    """The recipe of a preset for a network's kind of input; another method brings its own rate."""
    recipes = FAST if name == "fast" else FINE
    known = recipes[spec.kind]
    if known.size is not None and spec.shape[1] < known.size:
        known = recipes["small photo"]
    return known if method == known.method else replace(known, method=method, learning_rate=None)
