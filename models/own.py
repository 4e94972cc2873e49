"""Networks of the user's own: Python files with ``@register`` in a directory that they name.

A file is ordinary Python and runs with the server's rights: load only what you trust. Example,
``networks/tiny.py``::

    from torch import nn
    from models.registry import IMAGENET_PHOTO, ModelSpec, register

    @register(ModelSpec(id="tiny", title="Tiny", family="My own", task="classification",
                        input=IMAGENET_PHOTO, classes=("cat", "dog"), about="Two layers.",
                        reference="my notes"))
    def tiny(num_classes: int = 2) -> nn.Module:
        return nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
                             nn.Flatten(), nn.Linear(8, num_classes))

Its weights come by ``make weights FILE=tiny.pth MODEL=tiny`` or by the page.
"""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path

from models import registry

_PACKAGE = "convscope_own"


class OwnNetworkError(Exception):
    """A file of the user's could not be loaded; the message names file, line and reason."""


def load_directory(folder: Path) -> list[OwnNetworkError]:
    """Run every ``*.py`` of a directory, in order of name; the errors of those that failed.

    What a failing file had registered is taken back; the others stay. Files that begin with an
    underscore are left out: they are for the others to import. Raises OwnNetworkError where
    there is no such directory.
    """
    if not folder.is_dir():
        raise OwnNetworkError(f"There is no directory {folder} with networks.")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    errors = [_load(path) for path in sorted(folder.glob("[!_]*.py"))]
    return [error for error in errors if error is not None]


def _load(path: Path) -> OwnNetworkError | None:
    name = f"{_PACKAGE}.{path.stem}"
    before = set(registry.names())
    try:
        source = importlib.util.spec_from_file_location(name, path)
        if source is None or source.loader is None:
            raise ImportError("it cannot be imported")
        module = importlib.util.module_from_spec(source)
        sys.modules[name] = module
        source.loader.exec_module(module)
    except Exception as error:  # a user's file may raise anything
        sys.modules.pop(name, None)
        for added in set(registry.names()) - before:
            registry.forget(added)
        return OwnNetworkError(f"{path}{_line(path, error)}: {type(error).__name__}: {error}")
    return None


def _line(path: Path, error: Exception) -> str:
    """``, line 7``: where in the user's own file it went wrong."""
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""
