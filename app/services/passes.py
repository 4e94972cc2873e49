"""Forward passes that are kept, so that a browser can ask for their layers one by one."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from app.services.catalog import Catalog, Loaded
from app.services.shelf import Shelf

_DISK_BYTES = 4 * 1024**3  # a million digits; the oldest inputs go when there are more


class UnknownPassError(LookupError):
    """No pass has this id, or what computed it is gone: its input, or its weights."""

    def __init__(self, pass_id: str, why: str = "No pass is named so.") -> None:
        self.pass_id = pass_id
        super().__init__(f"{pass_id!r}: {why} POST the image again to make it.")


@dataclass(frozen=True)
class Origin:
    """What computed a pass, and computes it again: a network with the weights of a source."""

    model: str
    source: str
    sha256: str


@dataclass(frozen=True)
class Pass:
    """One image's forward pass: every layer's values, C×H×W or C, on the CPU ("input" too)."""

    id: str
    origin: Origin
    activations: dict[str, Tensor]

    @property
    def model(self) -> str:
        """The network's id."""
        return self.origin.model


class PassStore:
    """Keeps activations under a byte budget, and the inputs to compute them again.

    The least recently used pass loses its activations first; they are computed again from its
    input when somebody asks. Inputs beyond ``input_bytes`` of memory go to files in ``folder``
    (default: the system's place for temporary files), and are deleted beyond ``disk_bytes``.
    A pass larger than ``activation_bytes`` is never kept, only computed. Safe to use from
    several threads.
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
        self._origins: dict[str, Origin] = {}
        self._activations = Shelf[str, dict[str, Tensor]](activation_bytes)
        self._inputs = Shelf[str, Tensor](input_bytes, self._to_disk)
        self._on_disk = Shelf[str, Path](disk_bytes, self._forget)
        self._computing: dict[str, Future[Pass]] = {}
        self._turn = threading.Lock()  # one pass is computed again at a time: each takes memory

    @property
    def bytes(self) -> int:
        """Memory that the kept activations take."""
        return self._activations.bytes

    def keep(self, loaded: Loaded, activations: dict[str, Tensor]) -> Pass:
        """Keep one image's layers (all of them, "input" included; C×H×W or C, no batch).

        The id is the hash of model id, weights hash and input bytes: the same picture gives
        the same id.
        """
        own = {layer: _own(values) for layer, values in activations.items()}
        kept = Pass(pass_id(loaded, own["input"]), _origin(loaded), own)
        with self._lock:
            self._activations.put(kept.id, own, sum(values.nbytes for values in own.values()))
            if kept.id not in self._origins:
                self._origins[kept.id] = kept.origin
                self._inputs.put(kept.id, own["input"], own["input"].nbytes)
        return kept

    def origin(self, pass_id: str) -> Origin:
        """What computed a pass; computes nothing. Raises UnknownPassError."""
        with self._lock:
            if pass_id not in self._origins:
                raise UnknownPassError(pass_id)
            return self._origins[pass_id]

    def loaded(self, pass_id: str) -> Loaded:
        """The network that computed a pass, loaded again where it was dropped.

        Raises UnknownPassError, also for weights that were replaced, and what `Catalog.get`
        raises for weights that were deleted.
        """
        origin = self.origin(pass_id)
        loaded = self._catalog.get(origin.model, origin.source)
        if _origin(loaded) != origin:
            raise UnknownPassError(pass_id, "The weights that computed this pass were replaced.")
        return loaded

    def get(self, pass_id: str) -> Pass:
        """The pass; may compute (call it off the event loop).

        Those who ask for the same pass at the same time wait for one computation. Raises as
        `loaded` does.
        """
        with self._lock:
            origin, activations = self.origin(pass_id), self._activations.get(pass_id)
            if activations is not None:
                return Pass(pass_id, origin, activations)
            computed = self._computing.get(pass_id)
            if computed is None:
                mine = self._computing[pass_id] = Future()
        return self._compute(pass_id, mine) if computed is None else computed.result()

    def _compute(self, pass_id: str, result: Future[Pass]) -> Pass:
        try:
            with self._turn:
                kept = self._again(pass_id)
        except BaseException as error:
            result.set_exception(error)
            raise
        else:
            result.set_result(kept)
            return kept
        finally:
            with self._lock:
                del self._computing[pass_id]

    def _again(self, pass_id: str) -> Pass:
        loaded = self.loaded(pass_id)
        with self._lock:
            x = self._input(pass_id)
        values = loaded.runner.run(x[None].to(self._catalog.device))
        return self.keep(loaded, {layer: value[0] for layer, value in values.items()})

    def input(self, pass_id: str) -> Tensor:
        """What the network was fed, C×H×W; computes nothing. Raises UnknownPassError."""
        with self._lock:
            self.origin(pass_id)
            return self._input(pass_id)

    def close(self) -> None:
        """Delete the kept inputs."""
        self._files.cleanup()

    def _input(self, pass_id: str) -> Tensor:
        x = self._inputs.get(pass_id)
        if x is not None:
            return x
        path = self._on_disk.get(pass_id)
        if path is None:
            raise UnknownPassError(pass_id, "The input of this pass was dropped.")
        return load_file(path)["input"]

    def _to_disk(self, pass_id: str, x: Tensor) -> None:
        path = Path(self._files.name) / f"{pass_id}.safetensors"
        save_file({"input": x.contiguous()}, path)
        self._on_disk.put(pass_id, path, path.stat().st_size)

    def _forget(self, pass_id: str, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._origins.pop(pass_id, None)


def _origin(loaded: Loaded) -> Origin:
    return Origin(loaded.spec.id, loaded.source, loaded.card.sha256)


def pass_id(loaded: Loaded, x: Tensor) -> str:
    """The id that a pass has for this input, C×H×W on the CPU."""
    digest = hashlib.sha256(f"{loaded.spec.id} {loaded.card.sha256} ".encode())
    digest.update(x.contiguous().numpy().tobytes())
    return digest.hexdigest()[:32]


def _own(values: Tensor) -> Tensor:
    """On the CPU, and not a view that keeps a whole batch in memory."""
    values = values.detach().cpu()
    return values if values.untyped_storage().nbytes() == values.nbytes else values.clone()
