"""Find a Chromium for the browser tests, or install one. Prints its path.

In order: the one that CONVSCOPE_CHROMIUM names, the machine's, Playwright's own. Where there is
none, and in CI where there is none without windows: the Debian package (as root), else
Playwright's download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Chromium without its windows does the same work in two thirds of the processor time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Mesa draws the scene several times as fast as Chromium's own software WebGL.
SOFTWARE_GL = ("libegl1", "libegl-mesa0", "libgl1-mesa-dri")

MESA = Path("/usr/share/glvnd/egl_vendor.d/50_mesa.json")
# Quiet, so that nothing but the page itself asks any network for anything.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


class NoBrowserError(RuntimeError):
    """There is no Chromium on this machine."""


def find() -> str:
    """The path of a Chromium. Raises NoBrowserError."""
    named = os.environ.get("CONVSCOPE_CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise NoBrowserError(f"CONVSCOPE_CHROMIUM names {named}, which is no program")
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _playwrights()


def install() -> str:
    """Install a Chromium by the ordinary means; its path. Raises NoBrowserError."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update")
        for package in (SHELL, "chromium"):
            if not any(map(shutil.which, (SHELL, package))):
                _try("apt-get", "install", "-y", "--no-install-recommends", package, *SOFTWARE_GL)
    try:
        return find()
    except NoBrowserError:
        _try(sys.executable, "-m", "playwright", "install", "chromium")
    return find()


def flags() -> list[str]:
    """How to start it without a screen, with the fastest software WebGL that is here."""
    mesa = ["--use-angle=gl-egl", "--ignore-gpu-blocklist"]
    own = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    return [*QUIET, *(mesa if MESA.is_file() else own)]


def _is_ci() -> bool:
    """Whether the machine is there for the tests alone, so that packages may be added unasked."""
    return bool(os.environ.get("CI")) and "CONVSCOPE_CHROMIUM" not in os.environ


def _playwrights() -> str:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # not needed where one is found

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):  # noqa: PTH110  # a string is what callers pass on
        raise NoBrowserError(
            "The browser tests need Chromium, and none could be found or installed. "
            "Install it, or name one with CONVSCOPE_CHROMIUM."
        )
    return path


def _try(*command: str) -> None:
    """Run a command whose failure shows in the end, by there being no browser."""
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, env=env, stdout=sys.stderr)


if __name__ == "__main__":
    try:
        try:
            print(install() if _is_ci() and shutil.which(SHELL) is None else find())
        except NoBrowserError:
            print(install())
    except NoBrowserError as error:
        sys.exit(str(error))
