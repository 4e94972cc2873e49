"""Make .venv and install the Python packages that constraints.txt pins."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path


def torch_backend() -> str:
    """Which build of PyTorch was asked for: "cpu", "cu130", "auto" …; empty: pip's choice."""
    return os.environ.get("TORCH_BACKEND", "")


def python(root: Path) -> Path:
    """The environment's interpreter."""
    return root / ".venv" / "bin" / "python"


def install(root: Path, dev: bool) -> None:
    """Make the environment if there is none for this Python, and install into it."""
    if not _is_usable(root):
        venv.EnvBuilder(with_pip=True, clear=True).create(root / ".venv")
    if torch_backend():
        for command in torch_commands(root, torch_backend()):
            subprocess.run(command, check=True)
    subprocess.run(_pip(root, "-e", ".[dev]" if dev else "."), check=True, cwd=root)


def add(root: Path, package: str) -> None:
    """Install one more package, in the version that constraints.txt pins."""
    subprocess.run(_pip(root, package), check=True, cwd=root)


def torch_commands(root: Path, backend: str) -> list[list[str]]:
    """How to install one build of PyTorch: uv knows where PyTorch keeps each of them."""
    constraints = ["-c", str(root / "constraints.txt")]
    uv = [str(python(root)), "-m", "uv", "pip", "install", "--python", str(python(root))]
    return [_pip(root, "uv"), [*uv, f"--torch-backend={backend}", *constraints, "torch"]]


def _pip(root: Path, *what: str) -> list[str]:
    pip = [str(python(root)), "-m", "pip", "install", "--disable-pip-version-check"]
    return [*pip, "-c", str(root / "constraints.txt"), *what]


def _is_usable(root: Path) -> bool:
    """Whether .venv works and is for the Python that runs this."""
    show = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python(root), "-c", show], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]
