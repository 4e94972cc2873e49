"""The live socket: a drawing in, every stage's values out, as fast as they come.

The newest drawing wins: a client that draws faster than it reads loses frames in between
and never builds a backlog. ``seq`` counts the drawings that the socket received.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from fastapi import APIRouter, WebSocket

from app.api.activations import layer_names
from app.api.deps import Services
from app.api.live_session import LiveOptions, LiveSession
from app.api.problems import ProblemError, from_error, invalid
from app.api.uploads import default_mode
from app.services.catalog import Loaded
from app.services.preprocess import Mode

router = APIRouter()


@router.websocket("/models/{model}/live")
async def live(websocket: WebSocket, model: str) -> None:
    """Binary messages in and out; see app.api.docs. Refusals are problems with an HTTP status."""
    services: Services = websocket.app.state.services
    try:
        _check_room(services)
        loaded = await services.load(model, websocket.query_params.get("weights"))
        session = LiveSession(websocket, services, loaded, _options(websocket, loaded))
    except (LookupError, ValueError, OSError, ProblemError) as error:
        problem = from_error(error)
        if problem is None:
            raise
        await websocket.send_denial_response(problem.response())
        return
    services.hub.add(session)
    try:
        await session.run()
    finally:
        services.hub.remove(session)


def _check_room(services: Services) -> None:
    if services.hub.full:
        limit = services.hub.limit
        headers = {"Retry-After": "5"}
        raise ProblemError(
            503, "busy", f"{limit} live sockets are open.", headers=headers, max_live_clients=limit
        )


def _options(websocket: WebSocket, loaded: Loaded) -> LiveOptions:
    query = websocket.query_params
    stages = ["input", *(stage.output for stage in loaded.graph.stages)]
    chosen = query.get("layers")
    return LiveOptions(
        layers=layer_names(loaded.graph, chosen or ",".join(stages)),
        mode=_choice(
            query.get("preprocess"),
            "preprocess",
            Mode,
            default_mode(loaded.spec.input.preprocessing),
        ),
        dtype=_choice(query.get("dtype"), "dtype", Literal["float32", "float16"], "float32"),
    )


def _choice(given: str | None, field: str, choices: Any, default: Any) -> Any:
    """A query parameter that is one of a Literal's values."""
    if given is None:
        return default
    if given not in get_args(choices):
        raise invalid(field, f"{given[:40]!r} is none of them.", valid=list(get_args(choices)))
    return given
