"""Weights of trainings, which are replaced while they are read."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from models import weights
from models.sources import trained
from models.weights import Store


def test_newest_weights_may_be_replaced_while_they_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Their card is of the file before, which had another size: it is asked for once more."""
    bodies = [save({"bias": torch.zeros(count)}) for count in (10, 40)]

    live = replace(weights.source("harley", "file"), id=trained.LIVE, kind="trained")

    class Moments:
        """Writes the next weights behind each card."""

        def sources(self) -> tuple[weights.Source, ...]:
            return (live,)

        def card(self, source_id: str) -> weights.WeightsCard:
            body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
            self.path(source_id).write_bytes(bodies[0])
            digest = hashlib.sha256(body).hexdigest()
            card = weights.shipped()["harley"]
            return replace(card, source=source_id, sha256=digest, bytes=len(body))

        def path(self, source_id: str) -> Path:
            return tmp_path / f"{source_id}.safetensors"

        def stamp(self) -> object:
            return None

    monkeypatch.setitem(trained._networks, "harley", Moments())
    state, card = Store(tmp_path / "weights").read("harley", trained.LIVE)
    assert len(state["bias"]) == 40
    assert card.bytes == len(bodies[0])
