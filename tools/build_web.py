"""Build what the console's pages load: `.venv/bin/python tools/build_web.py`.

Sources and the packages of ``package-lock.json`` become a few files under ``src/warum/web/console/dist``, named by the
hash of their content, each also as gzip and brotli, with a manifest. Nothing is fetched at run time, and nothing is
done when the sources are those of the last build."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src/warum/web/console/static"
DIST = ROOT / "src/warum/web/console/dist"
MODULES = ROOT / "node_modules"
MANIFEST = "manifest.json"

# In the order in which they stand in the file. A folder stands for all its files of that ending, by name.
BUNDLES = {
    "console.css": ["node_modules/uplot/dist/uPlot.min.css", "css"],
    "console.js": ["node_modules/htmx.org/dist/htmx.min.js", "node_modules/htmx.org/dist/ext/hx-sse.min.js", "js"],
    "chart.js": ["node_modules/uplot/dist/uPlot.iife.min.js", "chart"],
    "icon.svg": ["icon.svg"],
}

# Brotli comes with Node, which is here anyway; Python has none.
BROTLI = """
const {brotliCompressSync, constants} = require('node:zlib')
const {readFileSync, writeFileSync} = require('node:fs')
for (const path of process.argv.slice(1)) {
  const plain = readFileSync(path)
  const params = {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length}
  writeFileSync(path + '.br', brotliCompressSync(plain, {params}))
}
"""


def main() -> int:
    stamp = fingerprint()
    if current() == stamp:
        return 0
    try:
        install()
        built = build(stamp)
    except (OSError, subprocess.CalledProcessError) as error:
        detail = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) and error.stderr else error
        print(f"The console's pages could not be built: {detail}", file=sys.stderr)
        return 1
    sizes = ", ".join(f"{name} {size / 1024:.1f} KiB" for name, size in built.items())
    print(f"Built the console's pages: {sizes} compressed.")
    return 0


def fingerprint() -> str:
    """Of everything that the result depends on."""
    whole = sha256()
    paths = [Path(__file__), ROOT / "package-lock.json", *(path for path in SOURCES.rglob("*") if path.is_file())]
    for path in sorted(paths):
        whole.update(f"{path.relative_to(ROOT)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return whole.hexdigest()


def current() -> str | None:
    try:
        return json.loads((DIST / MANIFEST).read_text())["sources"]
    except (OSError, ValueError, KeyError):
        return None


def install() -> None:
    """The packages of the lock file, checked against its hashes. Skipped when they are there from before."""
    lock = (ROOT / "package-lock.json").read_bytes()
    mark = MODULES / ".warum"
    if mark.is_file() and mark.read_text() == sha256(lock).hexdigest():
        return
    # Downloads break off now and then.
    run("sh", str(ROOT / "tools/again"), "npm", "ci", "--silent")
    mark.write_text(sha256(lock).hexdigest())


def build(stamp: str) -> dict[str, int]:
    """Write a new folder and put it in the place of the old one; the brotli size of each file."""
    draft = DIST.with_name(f".dist-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files = {name: write(draft, name, parts) for name, parts in BUNDLES.items()}
    run("node", "-e", BROTLI, *(str(draft / file) for file in files.values()))
    (draft / MANIFEST).write_text(json.dumps({"sources": stamp, "files": files}, indent=1) + "\n")
    shutil.rmtree(DIST, ignore_errors=True)
    draft.rename(DIST)
    return {name: (DIST / f"{file}.br").stat().st_size for name, file in files.items()}


def write(folder: Path, name: str, parts: list[str]) -> str:
    """The bundle under a name with its hash."""
    stem, dot, ending = name.partition(".")
    # A script that ends without a semicolon would call the one that begins with a bracket.
    between = ";\n" if ending == "js" else "\n"
    text = between.join(
        lean(path.read_text(encoding="utf-8"), ending) for part in parts for path in found(part, ending)
    )
    content = text.encode()
    file = f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{ending}"
    (folder / file).write_bytes(content)
    (folder / f"{file}.gz").write_bytes(gzip.compress(content, mtime=0))
    return file


def found(part: str, ending: str) -> list[Path]:
    path = ROOT / part if part.startswith("node_modules/") else SOURCES / part
    return sorted(path.glob(f"*.{ending}")) if path.is_dir() else [path]


def lean(text: str, ending: str) -> str:
    """Without the address of a source map, which is not delivered, and without comments in style sheets."""
    if ending == "css":
        return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text).strip()


def run(tool: str, *arguments: str) -> None:
    """With npm and node of this environment, so that a machine needs none of its own."""
    scripts = Path(sys.executable).parent
    path = f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(
        [tool, *arguments], cwd=ROOT, env={**os.environ, "PATH": path}, check=True, capture_output=True, text=True
    )


if __name__ == "__main__":
    sys.exit(main())
