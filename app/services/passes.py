"""Forward passes that are kept, so that a browser can ask for their layers one by one."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from app.schemas import LayerStats
from app.services.catalog import Catalog, Loaded

T = TypeVar("T")

_DISK_BYTES = 4 * 1024**3  # a million digits; the oldest inputs go when there are more


class UnknownPassError(LookupError):
    """No pass has this id, or its input was dropped when the store was full."""

    def __init__(self, pass_id: str) -> None:
        self.pass_id = pass_id
        super().__init__(f"No pass is named {pass_id!r}. POST the image again to make it.")


@dataclass(frozen=True)
class Pass:
    """One image's forward pass: every layer's values, C×H×W or C, on the CPU ("input" too)."""

    id: str
    model: str
    activations: dict[str, Tensor]


def layer_stats(activations: dict[str, Tensor]) -> list[LayerStats]:
    """Minimum, maximum, mean, standard deviation and share of zeros of every layer.

    ``activations`` are C×H×W or C. The standard deviation is the population's.
    """
    return [_stats(layer, values) for layer, values in activations.items()]


def _stats(layer: str, values: Tensor) -> LayerStats:
    low, high = values.aminmax()
    std, mean = torch.std_mean(values.double(), correction=0)
    return LayerStats(
        id=layer,
        shape=list(values.shape),
        min=float(low),
        max=float(high),
        mean=float(mean),
        std=float(std),
        zero_fraction=1 - int(values.count_nonzero()) / values.numel(),
    )


class _Shelf(Generic[T]):
    """Items in order of last use, up to a number of bytes; ``evicted`` gets what goes."""

    def __init__(self, budget: int, evicted: Callable[[str, T], None]) -> None:
        self._budget, self._evicted = budget, evicted
        self._items: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def put(self, key: str, item: T, size: int) -> None:
        """Add an item of ``size`` bytes, the last to go."""
        _, before = self._items.pop(key, (None, 0))
        self._items[key] = item, size
        self._bytes += size - before
        while self._bytes > self._budget:
            oldest, (dropped, freed) = self._items.popitem(last=False)
            self._bytes -= freed
            self._evicted(oldest, dropped)

    def get(self, key: str) -> T | None:
        """The item, which becomes the last to go; None when it is not here."""
        if key not in self._items:
            return None
        self._items.move_to_end(key)
        return self._items[key][0]


class PassStore:
    """Keeps activations under a byte budget, and the inputs to compute them again.

    The least recently used pass loses its activations first; they are computed again from its
    input when somebody asks. Inputs beyond ``input_bytes`` of memory go to files in ``folder``
    (default: the system's place for temporary files), and are deleted beyond ``disk_bytes``.
    Safe to use from several threads.
    """

    def __init__(
        self,
        catalog: Catalog,
        activation_bytes: int,
        input_bytes: int,
        folder: Path | None = None,
        *,
        disk_bytes: int = _DISK_BYTES,
    ) -> None:
        self._catalog = catalog
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._files = tempfile.TemporaryDirectory(prefix="convscope-passes-", dir=folder)
        self._lock = threading.RLock()
        self._models: dict[str, str] = {}
        self._activations = _Shelf[dict[str, Tensor]](activation_bytes, lambda *_: None)
        self._inputs = _Shelf[Tensor](input_bytes, self._to_disk)
        self._on_disk = _Shelf[Path](disk_bytes, self._forget)

    def keep(self, loaded: Loaded, activations: dict[str, Tensor]) -> Pass:
        """Keep one image's layers (all of them, "input" included; C×H×W or C, no batch).

        The id is the hash of model id, weights hash and input bytes: the same picture gives
        the same id.
        """
        own = {layer: _own(values) for layer, values in activations.items()}
        kept = Pass(_pass_id(loaded, own["input"]), loaded.spec.id, own)
        with self._lock:
            self._activations.put(kept.id, own, sum(values.nbytes for values in own.values()))
            if kept.id not in self._models:
                self._models[kept.id] = kept.model
                self._inputs.put(kept.id, own["input"], own["input"].nbytes)
        return kept

    def get(self, pass_id: str) -> Pass:
        """The pass; may compute (call it off the event loop). Raises UnknownPassError."""
        with self._lock:
            if pass_id not in self._models:
                raise UnknownPassError(pass_id)
            model = self._models[pass_id]
            activations = self._activations.get(pass_id)
            if activations is not None:
                return Pass(pass_id, model, activations)
            x = self._input(pass_id)
        loaded = self._catalog.get(model)
        values = loaded.runner.run(x[None].to(self._catalog.device))
        return self.keep(loaded, {layer: value[0] for layer, value in values.items()})

    def close(self) -> None:
        """Delete the kept inputs."""
        self._files.cleanup()

    def _input(self, pass_id: str) -> Tensor:
        x = self._inputs.get(pass_id)
        if x is not None:
            return x
        path = self._on_disk.get(pass_id)
        if path is None:
            raise UnknownPassError(pass_id)
        return load_file(path)["input"]

    def _to_disk(self, pass_id: str, x: Tensor) -> None:
        path = Path(self._files.name) / f"{pass_id}.safetensors"
        save_file({"input": x.contiguous()}, path)
        self._on_disk.put(pass_id, path, path.stat().st_size)

    def _forget(self, pass_id: str, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._models.pop(pass_id, None)


def _pass_id(loaded: Loaded, x: Tensor) -> str:
    digest = hashlib.sha256(f"{loaded.spec.id} {loaded.card.sha256} ".encode())
    digest.update(x.contiguous().numpy().tobytes())
    return digest.hexdigest()[:32]


def _own(values: Tensor) -> Tensor:
    """On the CPU, and not a view that keeps a whole batch in memory."""
    values = values.detach().cpu()
    return values if values.untyped_storage().nbytes() == values.nbytes else values.clone()
