"""Our side of the peer torch-lucent: starts its process, sends orders, reads answers."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from bench import lucent_env

ROOT = Path(__file__).parent.parent


class Lucent:
    """One network in lucent's process, one torch thread; use it as a context manager.

    ``source`` is where the network's weights come from, "random" for those of seed 0;
    ``weights`` is the folder that they are in.
    Raises lucent_env.PeerMissingError where lucent cannot be had.
    """

    def __init__(
        self, model: str, layer: str, source: str = "random", weights: Path | None = None
    ) -> None:
        interpreter = lucent_env.python()
        self._process = subprocess.Popen(
            [str(interpreter), "-m", "bench.lucent_peer"],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        order = {"model": model, "layer": layer, "source": source}
        self._ask(order | {"weights": str(weights) if weights else None})

    def __enter__(self) -> Lucent:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    def run(self, units: list[int], steps: int, size: int, save: Path | None = None) -> float:
        """The processor seconds of one picture a unit, as one batch; ``save``: where to put them.

        An .npy file, float32 N×H×W×3 in 0…1.
        """
        order = {"units": units, "steps": steps, "size": size, "seed": 0}
        answer = self._ask(order | ({"save": str(save)} if save else {}))
        return float(answer["seconds"])

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise lucent_env.PeerMissingError("torch-lucent's process has ended; see its messages.")
        answer: dict[str, Any] = json.loads(line)
        return answer
