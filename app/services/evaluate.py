"""How well a network reads digits, plain ones and changed ones."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from app.services.preprocess import Mode, to_network
from app.services.unsure import judge
from models.registry import ModelSpec

Pictures = NDArray[np.uint8]
DIRECTIONS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


def shifted(pictures: Pictures, direction: str, pixels: int = 6) -> Pictures:
    """Pictures N×H×W moved up, down, left or right; what leaves the frame is cut off."""
    rows, columns = (step * pixels for step in DIRECTIONS[direction])
    height, width = pictures.shape[1:]
    moved = np.zeros_like(pictures)
    moved[:, max(rows, 0) : height + rows, max(columns, 0) : width + columns] = pictures[
        :, max(-rows, 0) : height - rows, max(-columns, 0) : width - columns
    ]
    return moved


def scaled(pictures: Pictures, factor: float) -> Pictures:
    """Pictures N×H×W scaled about their middle (bilinear), the frame's size kept."""
    matrix = torch.tensor([[1 / factor, 0, 0], [0, 1 / factor, 0]]).expand(len(pictures), -1, -1)
    images = torch.from_numpy(pictures.astype(np.float32))[:, None]
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    changed = F.grid_sample(images, grid, align_corners=False)
    result: Pictures = changed.round().clamp(0, 255).byte()[:, 0].numpy()
    return result


def probabilities(
    network: nn.Module, spec: ModelSpec, pictures: Pictures, mode: Mode = "center"
) -> tuple[Tensor, Tensor]:
    """What the network says (N×K) and what it was fed (N×C×H×W)."""
    inputs = to_network(pictures, spec, mode)
    network.eval()
    with torch.inference_mode():
        logits = torch.cat([network(batch) for batch in torch.split(inputs, 500)])
    return logits.softmax(dim=1), inputs


def accuracy(
    network: nn.Module,
    spec: ModelSpec,
    pictures: Pictures,
    labels: NDArray[np.uint8],
    mode: Mode = "center",
) -> float:
    """The share of pictures whose first guess is right."""
    guesses = probabilities(network, spec, pictures, mode)[0].argmax(dim=1).numpy()
    return float((guesses == labels).mean())


def unsure_share(
    network: nn.Module, spec: ModelSpec, pictures: Pictures, unsure_below: float
) -> float:
    """The share of pictures for which the network is unsure (see unsure.py)."""
    said, inputs = probabilities(network, spec, pictures)
    reasons = judge(said, inputs, spec.input, unsure_below)
    return sum(reason is not None for reason in reasons) / len(reasons)
