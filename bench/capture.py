"""(e) A forward pass that keeps every layer against the bare one, batch 1."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch

import models
from app.services import preprocess
from app.services.catalog import Catalog
from bench.load import drawings
from bench.measure import Row, interleaved, median, ms, ratio
from models import weights

TITLE = "All layers of one pass ÷ bare forward pass, batch 1"


def rows(folder: Path) -> Iterator[Row]:
    """Every network that takes digits."""
    torch.set_num_threads(1)
    catalog = Catalog("cpu")
    drawing = np.frombuffer(drawings()[3], np.uint8).reshape(1, 28, 28)
    for model_id in weights.shipped():
        if models.spec(model_id).input.kind != "digit":
            continue
        loaded, network = catalog.get(model_id), models.load(model_id)
        x = preprocess.to_network(drawing, loaded.spec, "center")
        with torch.inference_mode():
            works = {
                "capture": partial(loaded.runner.run, x),
                "bare": partial(network, x),
            }
            times = interleaved(works, rounds=21, calls=100)
        share = ratio(times["capture"], times["bare"])
        asked = model_id in ("lenet5", "harley")
        yield Row(
            model_id,
            ms(median(times["capture"])),
            f"bare {ms(median(times['bare']))}",
            f"{share:.2f}",
            "≤ 1.0" if asked else "",
            share <= 1.0 if asked else None,
        )
