"""The files of static/, from memory: compressed once, and kept by browsers until they change.

Below ``/static/v-<version>/`` lie the same files. The version changes with any of them, so browsers
keep what they got there for good, and never mix the files of two versions.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_VERSION = re.compile(r"v-[0-9a-f]+/")
_FOREVER = "public, max-age=31536000, immutable"  # a year
_WORTH_PACKING = 1024  # bytes
_PACKED_ALREADY = ("image/jpeg", "image/png")
_BUNDLE = ("dist/page.js", "dist/page.css")  # made by scripts/bundle.py,
_SOURCES = ("js/", "css/")  # from what lies there
_KINDS = {
    ".js": "text/javascript",
    ".map": "application/json",
}  # whatever this machine's table says


@dataclass(frozen=True)
class Version:
    """The files as they are at one moment. ``address`` is where they are kept for good; ``bundled``
    says whether dist/ has the page's script and sheet, no older than any file of js/ and css/.
    """

    address: str
    bundled: bool


@dataclass(frozen=True)
class _Kept:
    """A file in memory, as it is and compressed. ``state`` differs once the disk has another."""

    state: str
    kind: str
    body: bytes
    packed: bytes | None
    etag: str


class StaticFiles:
    """ASGI application that serves the folder ``root``, mounted at ``address``."""

    def __init__(self, root: Path, address: str) -> None:
        self.root, self.address = root.resolve(), address
        self._version = ""
        self._kept: dict[str, _Kept] = {}

    def version(self) -> Version:
        """The files as they are now; looks at each (a millisecond)."""
        seen, bundle, newest = hashlib.blake2b(digest_size=8), {}, 0
        for entry in _below(str(self.root)):
            found, name = entry.stat(), entry.path.removeprefix(f"{self.root}/")
            seen.update(f"{name} {_state(found)}\n".encode())
            if name in _BUNDLE:
                bundle[name] = found.st_mtime_ns
            elif name.startswith(_SOURCES):
                newest = max(newest, found.st_mtime_ns)
        self._version = seen.hexdigest()
        bundled = len(bundle) == len(_BUNDLE) and min(bundle.values()) >= newest
        return Version(f"{self.address}/v-{self._version}", bundled)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Raises HTTPException 404 or 405."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        version = _VERSION.match(path)
        kept = await self._find(path[version.end() :] if version else path)
        lasts = version is not None and version[0] == f"v-{self._version}/"
        await _answer(kept, Headers(scope=scope), lasts)(scope, receive, send)

    async def _find(self, name: str) -> _Kept:
        """The file as it is now. Raises HTTPException 404."""
        if posixpath.normpath(name) != name:  # one name a file: they are kept by it
            raise HTTPException(404)
        try:
            state = _state((self.root / name).stat())
            kept = self._kept.get(name)
            if kept is None or kept.state != state:
                kept = await to_thread.run_sync(self._read, name, state)
                self._kept[name] = kept
        except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
            raise HTTPException(404) from error
        return kept

    def _read(self, name: str, state: str) -> _Kept:
        """Raises OSError where there is no such file in the folder."""
        kind = _KINDS.get(PurePosixPath(name).suffix) or mimetypes.guess_type(name)[0]
        kind = kind or "application/octet-stream"
        body = self._path(name).read_bytes()
        worth = len(body) >= _WORTH_PACKING and kind not in _PACKED_ALREADY
        packed = gzip.compress(body, mtime=0) if worth else None
        etag = hashlib.blake2b(body, digest_size=12).hexdigest()
        return _Kept(state, kind, body, packed, f'W/"{etag}"')

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise FileNotFoundError(name)
        return path


def _below(folder: str) -> Iterator[os.DirEntry[str]]:
    """All files below a folder, always in the same order."""
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
        else:
            yield entry


def _state(found: os.stat_result) -> str:
    """What changes when a file is written."""
    return f"{found.st_mtime_ns} {found.st_size}"


def _answer(kept: _Kept, asked: Headers, lasts: bool) -> Response:
    """What a browser gets: the file, or that its own copy is still right."""
    headers = {
        "Cache-Control": _FOREVER if lasts else "no-cache",
        "ETag": kept.etag,
        "Vary": "Accept-Encoding",
    }
    if kept.etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = kept.body
    if kept.packed is not None and "gzip" in asked.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = kept.packed, "gzip"
    return Response(body, headers=headers, media_type=kept.kind)
