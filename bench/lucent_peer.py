"""The peer torch-lucent in a process of its own: one JSON order a line, one JSON answer.

Runs in the environment of bench.lucent_env. What it needs to run beside today's torch is
supplied here: names that kornia has moved, schemas that torchvision's compiled part would
define, and IPython's display, which is never used.
"""

from __future__ import annotations

import json
import sys
import time
import types
from pathlib import Path
from typing import Any

import numpy as np
import torch

_NMS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def prepare() -> None:
    """Make ``import lucent`` work."""
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        library.define(f"{name}{_NMS}")  # type: ignore[no-untyped-call]
    prepare.library = library  # type: ignore[attr-defined]  # dropped, the schema would go too
    shell = types.ModuleType("IPython")
    shell.display = types.ModuleType("IPython.display")  # type: ignore[attr-defined]
    sys.modules |= {"IPython": shell, "IPython.display": shell.display}
    import kornia  # noqa: PLC0415
    import kornia.geometry.transform as moved  # noqa: PLC0415

    kornia.warp_affine = moved.warp_affine
    kornia.get_rotation_matrix2d = moved.get_rotation_matrix2d


def network(order: dict[str, Any]) -> torch.nn.Module:
    """Our definition, whose names are torchvision's, with the weights that the order names."""
    import models  # noqa: PLC0415
    from models.weights import Store  # noqa: PLC0415

    if order["source"] == "random":
        torch.manual_seed(0)
        return models.create(order["model"]).eval()
    store = Store(Path(order["weights"]))
    return store.load(order["model"], order["source"])[0].eval()


class Peer:
    """lucent's render_vis with its defaults, but for the units, the steps and the size."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.network, self.layer = network(order), str(order["layer"]).replace(".", "_")

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Pictures for ``units`` in ``steps`` steps; CPU seconds, and where they were saved."""
        from lucent.optvis import objectives, param, render  # noqa: PLC0415

        torch.manual_seed(order["seed"])
        np.random.seed(order["seed"])
        units, size = order["units"], order["size"]
        parts = [objectives.channel(self.layer, c, batch=i) for i, c in enumerate(units)]
        start = time.process_time()
        pictures = render.render_vis(
            self.network,
            objectives.Objective.sum(parts),
            param_f=lambda: param.image(size, batch=len(units)),
            thresholds=(order["steps"],),
            fixed_image_size=order.get("fed"),
            show_image=False,
            progress=False,
        )
        seconds = time.process_time() - start
        if order.get("save"):
            np.save(order["save"], pictures[-1])
        return {"seconds": seconds}


def main() -> None:
    """Answer orders until the input ends."""
    torch.set_num_threads(1)
    prepare()
    peer: Peer | None = None
    for line in sys.stdin:
        order = json.loads(line)
        if "model" in order:
            peer = Peer(order)
            answer: dict[str, Any] = {}
        else:
            assert peer is not None
            answer = peer.run(order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
