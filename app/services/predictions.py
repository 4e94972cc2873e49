"""Logits to predictions: the likeliest classes, and whether to trust them."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from app.services import unsure
from app.services.catalog import Loaded


class NoClassifierError(LookupError):
    """The weights hold the feature layers only: there is nothing that names classes."""

    def __init__(self, model_id: str, source: str) -> None:
        super().__init__(
            f"The weights {source!r} of {model_id!r} have no classifier: they end with the last "
            "feature maps."
        )


def require_classifier(loaded: Loaded) -> None:
    """Raise NoClassifierError where these weights have no classifier."""
    if not loaded.spec.classes:
        raise NoClassifierError(loaded.spec.id, loaded.source)


def predict(loaded: Loaded, x: Tensor, logits: Tensor, top: int) -> list[dict[str, Any]]:
    """One `app.schemas.Prediction` an image, as a dictionary (quicker, for the live path).

    ``x`` is the network-ready input N×C×H×W, ``logits`` the network's output, N×K; ``top`` is at
    least 1. What is no number, of weights that have diverged, is sent as 0, with the reason
    "no_number", for JSON has no such numbers. Raises NoClassifierError where these
    weights have no classifier.
    """
    require_classifier(loaded)
    spec = loaded.spec
    probabilities = logits.softmax(dim=1)
    reasons = unsure.judge(probabilities, x, spec.input, loaded.card.unsure_below)
    if "no_number" in reasons:
        probabilities, logits = probabilities.nan_to_num(), logits.nan_to_num()
    best = probabilities.topk(min(top, logits.shape[1]), dim=1)
    columns = (best.indices, best.values, logits.gather(1, best.indices))
    rows = zip(*(column.tolist() for column in columns), reasons, strict=True)
    return [
        {
            "top": [
                {"class": k, "label": spec.classes[k], "probability": p, "logit": z}
                for k, p, z in zip(classes, shares, scores, strict=True)
            ],
            "unsure": reason is not None,
            "reason": reason,
        }
        for classes, shares, scores, reason in rows
    ]
