"""What can go wrong with weights."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


class WeightsError(ValueError):
    """A weights file is damaged or does not fit the network."""


class WeightsMissingError(WeightsError):
    """The weights are not on this machine; the message says how to get them."""


class WeightsFetchError(WeightsError):
    """Weights could not be brought: no network, a wrong file, a full disk. Says what to do."""


class WeightsMismatchError(WeightsError):
    """The tensors of a file are not those of the network.

    ``missing`` are names that the network has and the file lacks, ``unexpected`` the reverse;
    ``mismatched`` are names in both with different shapes, as "name: 3×3, not 5×5".
    """

    def __init__(
        self,
        file: str,
        missing: Sequence[str],
        unexpected: Sequence[str],
        mismatched: Sequence[str],
    ) -> None:
        self.missing, self.unexpected = list(missing), list(unexpected)
        self.mismatched = list(mismatched)
        lists = {"missing": missing, "unexpected": unexpected, "of another shape": mismatched}
        parts = [f"{len(names)} {word} ({_some(names)})" for word, names in lists.items() if names]
        super().__init__(f"{file} does not fit the network: {'; '.join(parts)}")


class UnknownSourceError(LookupError):
    """A network has no source of weights of this name; ``valid`` lists those it has."""

    def __init__(self, model_id: str, source_id: str, valid: Sequence[str]) -> None:
        self.model_id, self.source_id, self.valid = model_id, source_id, list(valid)
        close = difflib.get_close_matches(source_id, self.valid, n=1, cutoff=0.4)
        self.nearest = close[0] if close else None
        super().__init__(
            f"{model_id!r} has no weights {source_id!r}; it has {', '.join(self.valid)}."
        )


def _some(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
