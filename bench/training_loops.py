"""The loops that training is measured beside: what anyone would write with PyTorch alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

import models
from app.services.datasets import load_mnist
from models.registry import InputSpec

BATCH = 128


class Pictures(Dataset[tuple[Tensor, int]]):
    """MNIST as torchvision gives it with Pad, ToTensor and Normalize: one picture at a time."""

    def __init__(self, spec: InputSpec) -> None:
        images, labels = load_mnist("train")
        self._images, self._labels = torch.from_numpy(images.copy()), labels.tolist()
        self._margin = (spec.shape[2] - images.shape[2]) // 2
        self._mean, self._std = (torch.tensor(v)[:, None, None] for v in (spec.mean, spec.std))

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self._images[index].numpy())
        pixels = np.pad(np.asarray(image), self._margin)
        tensor = torch.from_numpy(pixels[None]).float().div(255)
        return tensor.sub_(self._mean).div_(self._std), self._labels[index]


def from_loader(spec: InputSpec) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of a DataLoader in this process, endlessly."""
    loader = DataLoader(Pictures(spec), BATCH, shuffle=True)
    while True:
        yield from loader


def from_tensor(spec: InputSpec, device: str) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches out of one tensor with all pictures, normalised beforehand, endlessly."""
    images, labels = load_mnist("train")
    inputs = _normalised(images, spec).to(device)
    wanted = torch.from_numpy(labels.astype(np.int64)).to(device)
    while True:
        order = torch.randperm(len(wanted), device=device)
        for chosen in torch.split(order, BATCH):
            yield inputs[chosen], wanted[chosen]


def plain(model: str, batches: Iterator[tuple[Tensor, Tensor]], device: str) -> Iterator[None]:
    """The loop of PyTorch's tutorials, in float32; a step each time that it is asked."""
    network = models.create(model).to(device).train()
    optimizer = torch.optim.AdamW(network.parameters(), 4e-3)
    total = 0.0
    for inputs, wanted in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(network(inputs.to(device)), wanted.to(device))
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        total += loss.item()
        yield


def _normalised(images: NDArray[np.uint8], spec: InputSpec) -> Tensor:
    margin = (spec.shape[2] - images.shape[2]) // 2
    pixels = torch.from_numpy(images.astype(np.float32) / 255)[:, None]
    mean, std = (torch.tensor(v)[:, None, None] for v in (spec.mean, spec.std))
    return F.pad(pixels, (margin,) * 4).sub_(mean).div_(std)
