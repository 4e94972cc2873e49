"""The last hidden layer: what a network says of a picture before it names a class.

Krizhevsky, Sutskever and Hinton (2012), section 6.1 and figure 4: pictures whose values there lie
close to each other look alike to the network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from app.services.graph import Graph
from models import ModelSpec

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Hidden:
    """One network's last hidden layer; ``length`` is how many numbers a picture becomes.

    ``averaged``: the mean over the positions of each channel counts, since that is what the
    network does with what its classifier, a convolution, says.
    """

    layer: str
    length: int
    averaged: bool

    def vector(self, values: Mapping[str, Tensor]) -> Floats:
        """One picture's numbers; ``values`` maps layer ids to C×H×W or C."""
        hidden = values[self.layer].detach().float()
        if self.averaged:
            hidden = hidden.mean(dim=(1, 2))
        flat: Floats = hidden.flatten().cpu().numpy().copy()
        return flat


def last_hidden(graph: Graph, spec: ModelSpec) -> Hidden:
    """What the classifier reads; the last layer where the weights have no classifier.

    The classifier is the last weighted layer: dense, or (SqueezeNet) convolutional.
    """
    found = _classifier_input(graph) if spec.classes else None
    layer = found or graph.output
    shape = graph.layer(layer).output_shape
    averaged = found is not None and len(shape) == 3
    return Hidden(layer, shape[0] if averaged else math.prod(shape), averaged)


def _classifier_input(graph: Graph) -> str | None:
    """None where the way back from the output branches before it meets a weighted layer."""
    layer = graph.layer(graph.output)
    while layer.role != "weighted":
        if len(layer.inputs) != 1:
            return None
        layer = graph.layer(layer.inputs[0])
    if len(layer.inputs) != 1:
        return None
    read = graph.layer(layer.inputs[0])
    while read.type.startswith("Dropout"):  # changes nothing when it is not trained
        read = graph.layer(read.inputs[0])
    return read.id
