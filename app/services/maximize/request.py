"""From what a program asks for to what is computed: defaults filled in, everything checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.schemas import MaximizationRequest
from app.services.catalog import Loaded
from app.services.maximize.extent import check_size, most_pictures
from app.services.maximize.objectives import Objective
from app.services.maximize.plan import (
    COUNTS,
    MOST_PICTURES,
    KeptPasses,
    Plan,
    RequestError,
    Target,
    plan,
)
from app.services.maximize.program import natural_size
from app.services.maximize.recipe import Recipe, preset
from app.services.maximize.spectrum import Spectrum

__all__ = ["MOST_PICTURES", "RequestError", "Resolved", "Target", "resolve"]

ENGINE = 1  # to be raised when the same request gives another picture: kept ones are not used
MOST_PIXELS = MOST_PICTURES * 256 * 256  # of all pictures of a request
_BATCH = {"digit": 64, "photo": 8}


@dataclass(frozen=True)
class Resolved:
    """A request with nothing left open.

    ``id`` is the hash of everything that the pictures depend on. ``objective`` gives that of
    ``count`` pictures from number ``first`` on, ``measured`` what they are scored by in the end.
    """

    id: str
    request: dict[str, Any]
    recipe: Recipe
    batch: int
    targets: list[Target]
    objective: Callable[[int, int], Objective]
    measured: Callable[[int, int], Objective]
    spectrum: Spectrum | None = None

    def batches(self) -> list[range]:
        """The numbers of the pictures that are computed together."""
        numbers = range(len(self.targets))
        return [numbers[at : at + self.batch] for at in numbers[:: self.batch]]


def resolve(
    request: MaximizationRequest,
    loaded: Loaded,
    *,
    spectrum: Spectrum | None = None,
    passes: KeptPasses | None = None,
    most_bytes: int = 1024**3,
) -> Resolved:
    """Check a request and fill in what it leaves open.

    ``spectrum`` is that of the pictures that the network saw, ``passes`` where a picture comes
    from, ``most_bytes`` the memory for the values of one batch.
    Raises RequestError, UnknownLayerError, NoClassifierError, and SizeError for a size at which
    a layer cannot be computed.
    """
    wanted = plan(request, loaded, passes)
    recipe, side = _recipe(request, loaded, wanted.layers)
    batch = _batch(request, loaded, wanted, side, most_bytes)
    full = _filled(request, recipe, side, batch, len(wanted.targets))
    return Resolved(
        id=_content_id(loaded, full, recipe, spectrum),
        request=full,
        recipe=recipe,
        batch=batch,
        targets=wanted.targets,
        objective=wanted.objective,
        measured=wanted.measured or wanted.objective,
        spectrum=spectrum,
    )


def _recipe(request: MaximizationRequest, loaded: Loaded, layers: list[str]) -> tuple[Recipe, int]:
    """The recipe, and the side of the pictures in pixels."""
    spec = loaded.spec.input
    chosen = preset(request.preset, spec, request.method)
    own = spec.shape[1]
    fixed = any(natural_size(loaded, layer) != "any" for layer in layers)
    side = request.size or (own if fixed else chosen.size or own)
    if side != own:
        try:
            check_size(loaded, layers, side, fixed=fixed)
        except ValueError:
            if request.size is not None:
                raise
            side = own
    recipe = replace(
        chosen,
        steps=request.steps or chosen.steps,
        size=None if side == own else side,
        seed=request.seed,
        transforms=request.transforms,
        precision=request.precision,
    )
    return recipe, side


def _batch(
    request: MaximizationRequest, loaded: Loaded, wanted: Plan, side: int, most_bytes: int
) -> int:
    """How many pictures are computed together."""
    count = len(wanted.targets)
    if count * side * side > MOST_PIXELS:
        detail = f"{count} pictures of {side}×{side} pixels are too many for one request."
        raise RequestError("size", detail, most_pictures=MOST_PIXELS // side**2)
    most = max(1, most_pictures(loaded.graph, wanted.layers, side, most_bytes))
    if wanted.together:
        if count > most:
            detail = f"{count} pictures of this size do not fit into memory together."
            raise RequestError("count", detail, most=most)
        return count
    if request.batch is not None and request.batch > most:
        detail = f"{request.batch} pictures of this size do not fit into memory together."
        raise RequestError("batch", detail, most=most)
    usual = _BATCH[loaded.spec.input.kind]
    return min(request.batch or min(usual, most), count)


def _filled(
    request: MaximizationRequest, recipe: Recipe, side: int, batch: int, count: int
) -> dict[str, Any]:
    """The request with its defaults, as JSON has it; a list of one is that one."""
    full = request.model_dump(by_alias=True, exclude_none=True)
    for field in ("channel", "neuron", "class"):
        value = full.get(field)
        if isinstance(value, list) and len(value) == 1:
            full[field] = value[0]
    full |= {"steps": recipe.steps, "size": side, "batch": batch}
    if request.objective in COUNTS:
        full["count"] = count
    return full


def _content_id(
    loaded: Loaded, request: dict[str, Any], recipe: Recipe, spectrum: Spectrum | None
) -> str:
    parts = [
        ENGINE,
        loaded.spec.id,
        loaded.card.sha256,
        request,
        asdict(recipe),
        spectrum.digest if spectrum is not None else None,
    ]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
