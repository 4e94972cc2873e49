"""An environment of its own for the peer torch-lucent: ``python -m bench.lucent_env``.

It lies under build/. lucent pins a kornia of 2020 and wants torchvision; neither may touch our
environment. Its own sees our torch through a .pth file, and gets the rest without their
dependencies.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "lucent"
PACKAGES = ("torch-lucent==0.1.8", "kornia", "kornia_rs", "torchvision", "decorator", "tqdm")


class PeerMissingError(RuntimeError):
    """lucent cannot be had on this machine; the message says why."""


def python() -> Path:
    """The interpreter of the peer's environment, which is made when it is not there.

    Raises PeerMissingError.
    """
    interpreter = FOLDER / "bin" / "python"
    if not (FOLDER / "ready").exists():
        _create(interpreter)
        (FOLDER / "ready").touch()
    return interpreter


def _create(interpreter: Path) -> None:
    venv.create(FOLDER, clear=True, with_pip=False)
    inside = FOLDER / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    paths = f"{sysconfig.get_path('purelib')}\n{ROOT}\n"
    (inside / "site-packages" / "ours.pth").write_text(paths, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--quiet"]
    command += ["--disable-pip-version-check", "--no-deps", "--ignore-installed", *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "pip failed").splitlines()[-1]
        raise PeerMissingError(f"torch-lucent cannot be installed: {last}")


if __name__ == "__main__":
    print(python())
