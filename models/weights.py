"""Find, check, fetch and load weights: the one door to `models.sources`.

`sources` says where a network's weights come from, `Store` keeps them on this machine.
"""

from __future__ import annotations

from models.sources import trained
from models.sources.cards import FOLDER, RANDOM, SHIPPED, WeightsCard, random_card, shipped
from models.sources.download import Patience
from models.sources.errors import (
    UnknownSourceError,
    WeightsError,
    WeightsFetchError,
    WeightsMismatchError,
    WeightsMissingError,
)
from models.sources.loading import load_file, random_network, refilled
from models.sources.source import Progress, Source
from models.sources.store import Status, Store, default_folder, official_base
from models.sources.table import source, sources

__all__ = [
    "FOLDER",
    "RANDOM",
    "SHIPPED",
    "Patience",
    "Progress",
    "Source",
    "Status",
    "Store",
    "UnknownSourceError",
    "WeightsCard",
    "WeightsError",
    "WeightsFetchError",
    "WeightsMismatchError",
    "WeightsMissingError",
    "default_folder",
    "load_file",
    "official_base",
    "random_card",
    "random_network",
    "refilled",
    "shipped",
    "source",
    "sources",
    "trained",
]
