"""The files of static/, from memory: compressed once, and kept by browsers until they change.

Below ``/static/v-<version>/`` lie the same files. The version changes with any of them, so browsers
keep what they got there for good, and never mix the files of two versions. Two files are made
here: js/page.js, all modules joined, and css/page.css, all sheets.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.services.joined import Script, join_script, join_sheet

_VERSION = re.compile(r"v-[0-9a-f]+/")
_FOREVER = "public, max-age=31536000, immutable"  # a year
_WORTH_PACKING = 1024  # bytes
_PACKED_ALREADY = ("image/jpeg", "image/png")
_KINDS = {
    ".js": "text/javascript",
    ".map": "application/json",
}  # whatever this machine's table says


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
        self._made: dict[str, Callable[[], str]] = {
            "js/page.js": lambda: f"{self._script().text}//# sourceMappingURL=page.js.map\n",
            "js/page.js.map": lambda: self._script().source_map,
            "css/page.css": lambda: join_sheet(self.root / "css" / "all.css"),
        }

    def versioned(self) -> str:
        """Where the files as they are now are kept for good; looks at each (a millisecond)."""
        seen = hashlib.blake2b(digest_size=8)
        for entry in _below(str(self.root)):
            seen.update(f"{entry.path} {_state(entry.stat())}\n".encode())
        self._version = seen.hexdigest()
        return f"{self.address}/v-{self._version}"

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
            state = self.versioned() if name in self._made else _state((self.root / name).stat())
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
        make = self._made.get(name)
        body = make().encode() if make else self._path(name).read_bytes()
        worth = len(body) >= _WORTH_PACKING and kind not in _PACKED_ALREADY
        packed = gzip.compress(body, mtime=0) if worth else None
        etag = hashlib.blake2b(body, digest_size=12).hexdigest()
        return _Kept(state, kind, body, packed, f'W/"{etag}"')

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise FileNotFoundError(name)
        return path

    def _script(self) -> Script:
        return join_script(self.root / "js" / "main.js")


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
