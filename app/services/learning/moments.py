"""What a trained network said of a picture at the checkpoints of its training."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from app.services.catalog import Loaded
from app.services.learning.answers import both
from models.weights import refilled, trained

_STEP = "step-"
SECONDS = 3.0  # large networks are slow to read: then some checkpoints must do


def checkpoints(model_id: str) -> dict[int, Path] | None:
    """The files of a network's checkpoints by step; None where it was not trained here."""
    moments = trained.find(model_id)
    if moments is None:
        return None
    names = [each.id for each in moments.sources() if each.id.startswith(_STEP)]
    return {int(name.removeprefix(_STEP)): moments.path(name) for name in names}


def spread(count: int) -> list[int]:
    """The numbers 0…count - 1 so that the first of them lie evenly among all.

    The ends come first, then the middle, then the middles between those.
    """
    order: dict[int, None] = dict.fromkeys((0, count - 1) if count > 1 else range(count))
    parts = 2
    while len(order) < count:
        order.update(dict.fromkeys((count - 1) * i // parts for i in range(1, parts)))
        parts *= 2
        if parts > 4 * count:
            order.update(dict.fromkeys(range(count)))
    return list(order)


def over_time(
    loaded: Loaded, picture: Tensor, files: Mapping[int, Path], seconds: float = SECONDS
) -> dict[int, list[float]]:
    """Probabilities of the classes by step, for one picture (1×C×H×W as the network is fed).

    ``files`` are the checkpoints by their step. A checkpoint that has been deleted meanwhile is
    left out, and so are some of many once ``seconds`` have passed; the others lie evenly.
    """
    steps = sorted(files)
    ends = time.monotonic() + seconds
    found: dict[int, list[float]] = {}
    for step in _in_time((steps[i] for i in spread(len(steps))), ends):
        try:
            weights = load_file(files[step])
        except FileNotFoundError:
            continue
        found[step] = _answer(loaded, picture, weights)
    return dict(sorted(found.items()))


def _in_time(steps: Iterable[int], ends: float) -> Iterable[int]:
    for count, step in enumerate(steps):
        if count > 0 and time.monotonic() > ends:
            return
        yield step


def _answer(loaded: Loaded, picture: Tensor, weights: Mapping[str, Tensor]) -> list[float]:
    own = loaded.network.state_dict()
    state = {name: tensor.to(own[name]) for name, tensor in weights.items() if name in own}
    device = next(iter(own.values())).device
    # A network of its own: other threads compute with the one that is loaded.
    network = refilled(loaded.network, state, loaded.card.file)
    with torch.inference_mode():
        logits = network(picture.to(device))
    # A network that has diverged answers nothing: no class is likelier than another.
    probabilities: list[float] = both(logits)[0].softmax(0).nan_to_num(0.0).tolist()
    return probabilities
