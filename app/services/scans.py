"""What a network makes of every picture in the user's folder, kept from one run to the next."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from app.schemas import JobProgress
from app.services import inputs
from app.services.catalog import Loaded
from app.services.folder import PictureFolder
from app.services.hidden import Floats, Hidden, last_hidden
from app.services.images import ImageError
from app.services.jobs import JobEvent, Result
from app.services.passes import pass_id
from app.services.seen import Group
from app.services.shelf import Shelf

MOST_PICTURES = 20_000
MOST_BYTES = 256 * 1024**2  # of vectors, for one network
_CHUNK = 8  # pictures in one forward pass


@dataclass(frozen=True)
class Entry:
    """One picture: the hash of its file, the id that its pass has, its last hidden layer."""

    digest: str
    pass_id: str
    vector: Floats


class Scan(dict[str, Entry]):
    """Entries by the pictures' names in the folder."""


def default_cache() -> Path:
    """convscope in the user's cache directory."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "convscope"


class Scans:
    """Scans by network and weights: in memory under a budget, and as files in ``cache``."""

    def __init__(self, folder: PictureFolder, cache: Path, max_pixels: int) -> None:
        self.folder, self._cache, self._max_pixels = folder, cache, max_pixels
        self._lock = threading.Lock()
        self._shelf = Shelf[Group, Scan](MOST_BYTES, least=1)

    def of(self, group: Group) -> Scan | None:
        """The last scan of this folder by these weights; None where there was none."""
        with self._lock:
            scan = self._shelf.get(group)
        if scan is None:
            scan = self._load(group)
            if scan is not None:
                self._put(group, scan)
        return scan

    def run(self, loaded: Loaded) -> Generator[JobEvent, None, None]:
        """Look at all pictures of the folder; those that are known already are only read.

        What was done is kept even when the job is cancelled.
        """
        hidden = last_hidden(loaded.graph, loaded.spec)
        group = loaded.spec.id, loaded.card.sha256
        most = min(MOST_PICTURES, max(1, MOST_BYTES // (4 * hidden.length)))
        names = list(islice(self.folder.names(), most + 1))
        left_out, names = len(names) > most, names[:most]
        before = self.of(group) or Scan()
        scan = Scan({name: before[name] for name in names if name in before})
        work = _Work(self, loaded, hidden, {entry.digest: entry for entry in before.values()})
        try:
            for done in range(0, len(names), _CHUNK):
                yield JobProgress(done=done, total=len(names), unit="pictures")
                work.look(names[done : done + _CHUNK], scan)
        finally:
            self._save(group, scan)
            self._put(group, scan)
        yield JobProgress(done=len(names), total=len(names), unit="pictures")
        yield Result(
            {
                "layer": hidden.layer,
                "pictures": len(scan),
                "computed": work.computed,
                "broken": work.broken,
                "left_out": left_out,
            }
        )

    def prepared(self, upload: inputs.Upload, loaded: Loaded) -> torch.Tensor:
        """The picture as the network wants it, C×H×W. Raises ImageError."""
        return inputs.to_batch([upload], loaded.spec, None, 1, self._max_pixels)[0]

    def _put(self, group: Group, scan: Scan) -> None:
        with self._lock:
            self._shelf.put(group, scan, sum(entry.vector.nbytes for entry in scan.values()))

    def _file(self, group: Group) -> Path:
        key = hashlib.sha256(" ".join([*group, str(self.folder.root)]).encode()).hexdigest()
        return self._cache / f"{key[:32]}.safetensors"

    def _save(self, group: Group, scan: Scan) -> None:
        if not scan:
            return
        self._cache.mkdir(parents=True, exist_ok=True)
        path = self._file(group)
        part = path.with_suffix(".part")
        about = [[name, entry.digest, entry.pass_id] for name, entry in scan.items()]
        vectors = np.stack([entry.vector for entry in scan.values()])
        save_file({"vectors": vectors}, part, metadata={"pictures": json.dumps(about)})
        part.replace(path)

    def _load(self, group: Group) -> Scan | None:
        """From its file; a damaged one counts as none."""
        try:
            with safe_open(self._file(group), framework="numpy") as file:
                about = json.loads(file.metadata()["pictures"])
                vectors: NDArray[np.float32] = file.get_tensor("vectors")
        except (OSError, SafetensorError, ValueError, KeyError, TypeError):
            return None
        rows = zip(about, vectors, strict=True)
        return Scan({name: Entry(digest, key, row) for (name, digest, key), row in rows})


class _Work:
    """One run over the folder."""

    def __init__(
        self, scans: Scans, loaded: Loaded, hidden: Hidden, known: dict[str, Entry]
    ) -> None:
        self._scans, self._loaded, self._hidden, self._known = scans, loaded, hidden, known
        self.computed = self.broken = 0

    def look(self, names: Iterable[str], scan: Scan) -> None:
        """Enter the pictures into ``scan``; those that cannot be read go out of it."""
        waiting: list[tuple[str, str, torch.Tensor]] = []
        for name in names:
            try:
                upload = self._scans.folder.read(name)
                digest = hashlib.sha256(upload.body).hexdigest()
                if digest in self._known:
                    scan[name] = self._known[digest]
                else:
                    waiting.append((name, digest, self._scans.prepared(upload, self._loaded)))
            except (ImageError, LookupError):
                scan.pop(name, None)
                self.broken += 1
        if waiting:
            self._compute(waiting, scan)

    def _compute(self, waiting: list[tuple[str, str, torch.Tensor]], scan: Scan) -> None:
        batch = torch.stack([x for _, _, x in waiting])
        values = self._loaded.runner.run(batch, [self._hidden.layer])[self._hidden.layer]
        for (name, digest, x), value in zip(waiting, values, strict=True):
            vector = self._hidden.vector({self._hidden.layer: value})
            entry = Entry(digest, pass_id(self._loaded, x), vector)
            scan[name] = self._known[digest] = entry
            self.computed += 1
