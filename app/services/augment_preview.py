"""What an augmentation makes of some pictures of a data set, as one sheet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image

from app.schemas import AugmentationChoice
from app.services.augment import Strength, augment
from app.services.datasets import Bytes


def sheet(
    pictures: Sequence[Bytes], choice: AugmentationChoice, seed: int, copies: int, zoom: int = 1
) -> Bytes:
    """Pictures of one shape in a row, and below each ``copies`` changed ones: H×W or H×W×3.

    The same seed gives the same changes. A pixel becomes ``zoom`` × ``zoom``.
    """
    generator = torch.Generator().manual_seed(seed)
    stacked = torch.from_numpy(np.stack(pictures))
    whole = stacked[:, None] if stacked.ndim == 3 else stacked.permute(0, 3, 1, 2)  # N, C, H, W
    unit = whole.float() / 255
    strength = Strength.of(choice)
    rows = [unit, *(augment(unit, strength, generator) for _ in range(copies))]
    tiles = torch.stack(rows).mul(255).round().byte()  # rows, N, C, H, W
    large = tiles.repeat_interleave(zoom, dim=3).repeat_interleave(zoom, dim=4)
    across = large.permute(0, 3, 1, 4, 2)  # rows, H, N, W, C
    height, width = large.shape[0] * large.shape[3], large.shape[1] * large.shape[4]
    joined: Bytes = across.reshape(height, width, -1).numpy()
    return joined[..., 0] if joined.shape[2] == 1 else joined


def resized(picture: Bytes, side: int) -> Bytes:
    """A square picture with sides of ``side`` pixels."""
    if picture.shape[:2] == (side, side):
        return picture
    image = Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(image)
