"""``python -m bench.lens MODEL BATCH ROUNDS``: torchlens ÷ bare forward pass, as JSON."""

from __future__ import annotations

import json
import sys

import torch
import torchlens

import models
from app import allocator
from bench.lookers import bare
from bench.measure import interleaved, ratio


def main(model_id: str, batch: int, rounds: int) -> None:
    """Two copies of the network, so that neither is touched by the other's wrapping."""
    torch.set_num_threads(1)
    allocator.keep_pages(1024**3)
    traced, plain = (models.create(model_id).eval() for _ in range(2))
    x = torch.rand(batch, *models.spec(model_id).input.shape)
    works = {"lens": lambda: torchlens.trace(traced, x), "bare": lambda: bare(plain)(x)}
    times = interleaved(works, rounds, calls=1)
    print(json.dumps(ratio(times["lens"], times["bare"])))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
