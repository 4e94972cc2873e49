"""What can be wrong with a data set."""

from __future__ import annotations


class DatasetMissingError(FileNotFoundError):
    """A data set is not on this machine; the message says how to get it."""


class DatasetDamagedError(ValueError):
    """A file is not what its format promises."""


class DatasetTooLargeError(ValueError):
    """The pictures would not fit into memory; the message says what would."""


class UnknownDatasetError(LookupError):
    """No data set has this id; ``valid`` lists those that exist."""

    def __init__(self, dataset: str, valid: list[str]) -> None:
        self.valid, self.nearest = valid, None
        super().__init__(f"No data set is named {dataset[:40]!r}.")
