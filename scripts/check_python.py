"""Stop with a clear message where this Python cannot run ConvScope. Works on any Python 3.6+."""

import importlib.util
import sys


def problem(major: int, minor: int, has_venv: bool) -> str:
    """What is wrong with a Python of this version, as a sentence; an empty string if nothing."""
    if (major, minor) < (3, 11):
        return (
            f"ConvScope needs Python 3.11 or newer; {sys.executable} is {major}.{minor}. "
            "Install a newer one, or name it: make run PYTHON=python3.12"
        )
    if not has_venv:
        return f"Python {major}.{minor} lacks venv. On Debian and Ubuntu: apt install python3-venv"
    return ""


if __name__ == "__main__":
    has_venv = importlib.util.find_spec("ensurepip") is not None
    sys.exit(problem(*sys.version_info[:2], has_venv) or 0)
