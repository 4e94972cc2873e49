"""What is minimised: cross-entropy of classes, or of one unit for points."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def loss(logits: Tensor, wanted: Tensor, smoothing: float = 0.0) -> Tensor:
    """The mean cross-entropy of logits N×K (float32).

    ``wanted``: labels N or probabilities N×K. With K = 1 the logit is that of class 1. Smoothing
    as in Szegedy et al., Rethinking the Inception architecture, 2016.
    """
    if logits.shape[1] > 1:
        return F.cross_entropy(logits, wanted, label_smoothing=smoothing)
    target = wanted.float() * (1 - smoothing) + smoothing / 2
    return F.binary_cross_entropy_with_logits(logits[:, 0], target)


def answers(logits: Tensor) -> Tensor:
    """The class that each row names, N; with one logit, class 1 where it is positive."""
    return logits.argmax(dim=1) if logits.shape[1] > 1 else (logits[:, 0] > 0).long()


def right(logits: Tensor, wanted: Tensor) -> Tensor:
    """The share of rows that name the wanted class (of probabilities: the likeliest)."""
    target = wanted.argmax(dim=1) if wanted.ndim == 2 else wanted
    return (answers(logits) == target).to(torch.float32).mean()
