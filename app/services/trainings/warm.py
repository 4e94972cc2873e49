"""What the process imports from which trainings begin: all that a first step would wait for.

Nothing here may touch a GPU, or go backward through a network: neither survives a fork.
"""

from __future__ import annotations

import torch
from torch import nn

import app.services.trainings.worker  # noqa: F401

# The first optimizer of a process imports a good part of torch.
_weight = nn.Parameter(torch.zeros(1))
_weight.grad = torch.zeros(1)
torch.optim.AdamW([_weight]).step()
