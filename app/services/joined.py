"""The page's modules joined into one script, and its style sheets into one sheet.

A browser asks for each imported module by itself: hundreds of requests a page, each with its price
on both sides. Joined, they are one. Each module becomes a function called once, in the order of the
imports; what it exports is an object, and importing takes names out of it:

    import { h as element } from './dom.js';    const { h: element } = $3;
    export function show() {}                   function show() {}   …   return { show };

This knows the few forms of import and export that static/js uses, all at the start of a line, and
refuses every other. Lines stay lines, so that a source map of whole lines leads back to the
modules (https://tc39.es/ecma426).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

_IMPORT = re.compile(r"^import (\*|\w+|\{[^{}]*\})(?: as (\w+))? from '([^'\n]+)';", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_NOTHING = re.compile(r"^export \{\};", re.MULTILINE)  # marks a module of types only
_UNKNOWN = re.compile(r"^[ \t]*(?:import|export)\b.*", re.MULTILINE)
_NAME = re.compile(r"(\w+)(?: as (\w+))?")
_SHEET = re.compile(r"""^@import url\("([^"\n]+)"\);\n""", re.MULTILINE)


class JoinError(Exception):
    """A module that cannot be joined with the others; says which, and why."""


@dataclass(frozen=True)
class Script:
    """The joined script, and the source map that leads from its lines to those of the modules."""

    text: str
    source_map: str


@dataclass
class _Modules:
    """What has been joined so far."""

    root: Path
    names: dict[Path, str] = field(default_factory=dict)  # each module's variable, in their order
    exports: dict[str, list[str]] = field(default_factory=dict)  # by variable
    packages: dict[str, str] = field(default_factory=dict)  # what comes by the import map
    texts: list[str] = field(default_factory=list)
    waiting: list[Path] = field(default_factory=list)  # modules whose imports are being read

    def add(self, path: Path) -> str:
        """Join a module after all that it imports; gives its variable. Raises JoinError."""
        if path in self.names:
            return self.names[path]
        if path in self.waiting:
            raise JoinError(f"{self.shown(path)} imports itself, by way of others.")
        if not path.is_file():
            raise JoinError(f"{self.shown(self.waiting[-1])} imports {path.name}: no such file.")
        self.waiting.append(path)
        text = _IMPORT.sub(lambda found: self._imported(path, found), path.read_text("utf-8"))
        self.waiting.pop()
        exported = _EXPORT.findall(text)
        text = _NOTHING.sub("", _EXPORT.sub("", text))
        if unknown := _UNKNOWN.search(text):
            raise JoinError(f"{self.shown(path)} cannot be joined: {unknown[0].strip()}")
        name = self.names[path] = f"${len(self.names)}"
        self.exports[name] = exported
        self.texts.append(
            f"const {name} = (() => {{\n{text}\nreturn {{ {', '.join(exported)} }};\n}})();\n"
        )
        return name

    def shown(self, path: Path) -> str:
        """A module's path as messages and the source map name it."""
        return path.relative_to(self.root).as_posix()

    def _imported(self, path: Path, found: re.Match[str]) -> str:
        """The statement that takes the place of an import."""
        what, all_as, place = found.groups()
        if not place.startswith("."):
            module = self.packages.setdefault(place, f"$package{len(self.packages)}")
            known = None
        else:
            module = self.add((path.parent / place).resolve())
            known = self.exports[module]
        if what == "*":
            return f"const {all_as} = {module};"
        if not what.startswith("{"):
            what = f"{{ default as {what} }}"
        missing = [name for name, _ in _NAME.findall(what) if known and name not in known]
        if missing or known == []:
            raise JoinError(f"{self.shown(path)} imports what {place} does not export: {found[0]}")
        return f"const {what.replace(' as ', ': ')} = {module};"


def join_script(entry: Path, sources: str = "") -> Script:
    """The module ``entry`` and all that it imports, as one. Raises JoinError.

    ``sources`` is the URL of the entry's folder, relative to that of the source map.
    """
    modules = _Modules(entry.parent.resolve())
    modules.add(entry.resolve())
    head = "".join(
        f"import * as {name} from '{place}';\n" for place, name in modules.packages.items()
    )
    paths = [sources + modules.shown(path) for path in modules.names]
    return Script(head + "".join(modules.texts), _source_map(len(modules.packages), paths, modules))


def _source_map(before: int, paths: list[str], modules: _Modules) -> str:
    """Each line of a module stands one line below its head, and two lines close it."""
    lines, back = [""] * before, 0  # back: how far the last line of the module before lies
    for index, text in enumerate(modules.texts):
        count = text.count("\n") - 3
        first = f"A{_vlq(int(index > 0))}{_vlq(-back)}A"
        lines += ["", first, *["AACA"] * (count - 1), "", ""]
        back = count - 1
    return json.dumps({"version": 3, "sources": paths, "names": [], "mappings": ";".join(lines)})


def _vlq(number: int) -> str:
    """A number as source maps write it: base 64, five bits a sign, the lowest first."""
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    rest = (-number << 1) | 1 if number < 0 else number << 1
    text = ""
    while True:
        rest, five = rest >> 5, rest & 31
        text += signs[five | (32 if rest else 0)]
        if not rest:
            return text


def join_sheet(entry: Path) -> str:
    """A style sheet with those that it imports in their places. Raises OSError."""
    return _SHEET.sub(
        lambda found: join_sheet(entry.parent / found[1]), entry.read_text(encoding="utf-8")
    )
