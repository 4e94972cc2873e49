"""The last hidden layer: what a network says of a picture before it names a class.

Krizhevsky, Sutskever and Hinton (2012), section 6.1 and figure 4: pictures whose values there lie
close to each other look alike to the network.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from app.services.catalog import Loaded
from app.services.graph import Graph

Floats = NDArray[np.float32]


def last_hidden(loaded: Loaded) -> str:
    """The layer that the classifier reads; the last layer where there is no classifier.

    The classifier is the last weighted layer: dense, or (SqueezeNet) convolutional.
    """
    return (_classifier_input(loaded.graph) if loaded.spec.classes else None) or loaded.graph.output


def vector(loaded: Loaded, values: Mapping[str, Tensor]) -> Floats:
    """One picture's values in the last hidden layer (``values``: layer id → C×H×W or C), flat.

    What a convolutional classifier reads is averaged over its positions, as the network does
    with what that classifier says.
    """
    hidden = values[last_hidden(loaded)].detach().float()
    if loaded.spec.classes and hidden.ndim == 3:
        hidden = hidden.mean(dim=(1, 2))
    flat: Floats = hidden.flatten().cpu().numpy().copy()
    return flat


def _classifier_input(graph: Graph) -> str | None:
    """None where the way back from the output branches before it meets a weighted layer."""
    layer = graph.layer(graph.output)
    while layer.role != "weighted":
        if len(layer.inputs) != 1:
            return None
        layer = graph.layer(layer.inputs[0])
    return layer.inputs[0] if len(layer.inputs) == 1 else None
