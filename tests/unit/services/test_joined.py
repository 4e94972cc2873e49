from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.services.joined import JoinError, join_script, join_sheet
from scripts import node

ROOT = Path(__file__).parents[3]

MAIN = """/** Two ways to the same module. */
import { join } from 'node:path';
import * as count from './count.js';
import { next, LIMIT as most } from './count.js';
import { Pair } from './deep/pair.js';
/** @typedef {import('./types.js').Empty} Empty */

console.log(new Pair(next(), count.next()).sum(), most, join('a', 'b'));
throw new Error('seen');
"""
COUNT = """let value = 0;

/** One more each time. */
export function next() {
  return ++value;
}

export const LIMIT = 7;
"""
PAIR = """import {
  LIMIT,
} from '../count.js';
export class Pair {
  constructor(a, b) { this.a = a; this.b = b; }
  sum() { return this.a + this.b + LIMIT; }
}
export async function unused() {}
"""
TYPES = "/** @typedef {{}} Empty */\nexport {};\n"
FILES = {"main.js": MAIN, "count.js": COUNT, "deep/pair.js": PAIR, "types.js": TYPES}

# What the map says of each line that stands in the joined script as in its module.
LOOK_UP = """
const { SourceMap } = require('node:module');
const { text, map } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const found = new SourceMap(map);
const entries = text.split('\\n').map((line, i) => {
  const { originalSource, originalLine, generatedLine } = found.findEntry(i, 0);
  return generatedLine === i ? [line, originalSource, originalLine] : null;
});
process.stdout.write(JSON.stringify(entries.filter(Boolean)));
"""


def written(folder: Path, **changed: str) -> Path:
    for name, text in (FILES | {f"{name}.js": text for name, text in changed.items()}).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "main.js"


def run(*arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    env = node.paths()
    program = shutil.which("node", path=env["PATH"])
    assert program, "make setup-dev brings Node.js"
    command = [program, *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, env=env
    )


def test_the_joined_script_does_what_the_modules_do(tmp_path: Path) -> None:
    done = run("--input-type=module", given=join_script(written(tmp_path)).text)
    assert done.stdout == "10 7 a/b\n"  # 1 + 2 + 7: both names are of one module
    assert "Error: seen" in done.stderr


@pytest.mark.parametrize("entry", [None, ROOT / "static" / "js" / "main.js"])
def test_the_source_map_leads_back_to_each_line(tmp_path: Path, entry: Path | None) -> None:
    entry = entry or written(tmp_path)
    script = join_script(entry, "js/")
    given = json.dumps({"text": script.text, "map": json.loads(script.source_map)})
    entries = json.loads(run("-e", LOOK_UP, given=given).stdout)
    lines = {
        path: (entry.parent / path.removeprefix("js/")).read_text(encoding="utf-8").split("\n")
        for path in {path for _, path, _ in entries}
    }
    assert "js/main.js" in lines
    for text, path, line in entries:
        original = lines[path][line]
        if not original.startswith(("import ", "} from ", "export ")):
            assert text == original, (path, line)
    assert len(entries) >= sum(map(len, lines.values())) - len(lines)  # all; the last may be empty


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"count": COUNT + "export let open = 1;\n"}, "count.js cannot be joined: export let"),
        ({"count": COUNT + "export default 1;\n"}, "export default 1"),
        ({"count": COUNT + "export * from './types.js';\n"}, "export *"),
        ({"main": "import './count.js';\n"}, "import './count.js'"),
        ({"count": COUNT + "import { Pair } from './deep/pair.js';\n"}, "count.js imports itself"),
        ({"main": "import { least } from './count.js';\n"}, "does not export: import { least }"),
        ({"main": "import { Empty } from './types.js';\n"}, "does not export: import { Empty }"),
        ({"main": "import { a } from './nowhere.js';\n"}, "main.js imports nowhere.js: no such"),
    ],
)
def test_what_cannot_be_joined_is_named(tmp_path: Path, changed: dict[str, str], why: str) -> None:
    with pytest.raises(JoinError, match=re.escape(why)):
        join_script(written(tmp_path, **changed))


def test_sheets_stand_where_they_are_imported(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "page.css").write_text('@import url("a.css");\n@import url("more/b.css");\n')
    (tmp_path / "a.css").write_text("a { color: red }\n")
    (tmp_path / "more" / "b.css").write_text("b { color: blue }\n")
    assert join_sheet(tmp_path / "page.css") == "a { color: red }\nb { color: blue }\n"
    (tmp_path / "a.css").unlink()
    with pytest.raises(FileNotFoundError):
        join_sheet(tmp_path / "page.css")


def test_every_sheet_of_the_page_is_joined() -> None:
    folder = ROOT / "static" / "css"
    listed = re.findall(r'@import url\("([\w-]+\.css)"\);\n', (folder / "all.css").read_text())
    assert sorted(listed) == sorted({path.name for path in folder.glob("*.css")} - {"all.css"})
