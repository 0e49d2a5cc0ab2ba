"""Runs the commands of documentation pages: `python docs/console.py PAGE` (or `--show PAGE` to see what they print).

In the blocks of a page that are marked ``console``, a line `$ command` is run and the lines below it must be what it
prints; `…` stands for anything within a line, and a line of its own for any number of lines. A command that ends with
another exit code than 0 is followed by `$ echo $?`. Each page has an empty folder with its `files/` in it, and a fresh home.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SHELL = f'steelyard() {{ "{sys.executable}" -c "from steelyard.cli import main; main()" "$@"; }}; '


@dataclass
class Step:
    """One command of a page and the lines that stand below it."""

    command: str
    line: int
    expected: list[str] = field(default_factory=list)


def steps(text: str) -> Iterator[Step]:
    """The commands of a page's console blocks, in order."""
    step: Step | None = None
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("```"):
            if step is not None:
                yield step
            step, inside = None, not inside and line[3:].strip() == "console"
        elif inside and step is not None and step.command.endswith("\\"):
            step.command = f"{step.command[:-1].rstrip()} {line.strip()}"
        elif inside and line.startswith("$ "):
            if step is not None:
                yield step
            step = Step(line[2:], number)
        elif inside and step is not None:
            step.expected.append(line)


def agrees(expected: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are the expected ones, where `…` stands for anything."""
    if not expected:
        return not printed
    first, *rest = expected
    if first.strip() == "…":
        return any(agrees(rest, printed[start:]) for start in range(len(printed) + 1))
    if not printed:
        return False
    pattern = re.escape(first.rstrip()).replace("…", ".*")
    return re.fullmatch(pattern, printed[0].rstrip()) is not None and agrees(rest, printed[1:])


def here(words: list[str]) -> tuple[int, str]:
    """Run the command line in this process: its exit code, and what it printed."""
    from steelyard.cli import main

    printed, code = io.StringIO(), 0
    sys.argv = ["steelyard", *words]
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, printed.getvalue()


def run(command: str, last: int) -> tuple[int, str]:
    """Run one command: a plain `steelyard …` in this process, which is quick; everything else in a shell."""
    words = shlex.split(command)
    if words[0] == "steelyard" and not {"|", "&&", ">", "||"} & set(words):
        return here(words[1:])
    shell = ["bash", "-c", f"{SHELL}(exit {last}); {command}"]
    done = subprocess.run(shell, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def differences(page: Path, *, show: bool = False) -> Iterator[str]:
    """Every command of a page that prints something else than the page says."""
    found = list(steps(page.read_text(encoding="utf-8")))
    last = 0
    for place, step in enumerate(found):
        last, output = run(step.command, last)
        printed = output.rstrip().splitlines()
        if show:
            yield "\n".join([f"$ {step.command}", *(line.rstrip() for line in printed)])
        elif not agrees(step.expected, printed):
            yield "\n".join([f"{page}:{step.line}: $ {step.command}", *printed])
        excused = place + 1 < len(found) and found[place + 1].command == "echo $?"
        if last and not excused:
            yield f"{page}:{step.line}: $ {step.command}\nexit code {last}, and the page does not show it with `echo $?`"


def fresh(folder: Path, page: Path, home: Path) -> None:
    """An empty folder with the page's files in it, and a home as `steelyard init` leaves it."""
    from django.db import connections

    connections.close_all()
    os.chdir(folder)
    for place in folder.iterdir():
        if place.name != "initialised":
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    if (page.parent / "files").is_dir():
        shutil.copytree(page.parent / "files", folder, dirs_exist_ok=True)
    template = folder / "initialised"
    if not template.exists():
        here(["init"])
        connections.close_all()
        shutil.copytree(home, template)
    else:
        shutil.copytree(template, home)


def main() -> None:
    """Run the pages named, each in a folder and a home of its own; exit code 1 if one says something else than is printed."""
    show = "--show" in sys.argv
    pages = [Path(argument).resolve() for argument in sys.argv[1:] if argument != "--show"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        home = folder / "steelyard-home"
        for variable in [variable for variable in os.environ if variable.startswith(("STEELYARD_", "DJANGO_"))]:
            del os.environ[variable]
        os.environ |= {"STEELYARD_HOME": str(home), "COLUMNS": "120", "DJANGO_SETTINGS_MODULE": "steelyard.config.settings"}
        found = []
        for page in pages:
            fresh(folder, page, home)
            found += differences(page, show=show)
        os.chdir("/")
    sys.stdout.write("\n".join([*found, ""]) if found else "")
    sys.exit(1 if found and not show else 0)


if __name__ == "__main__":
    main()
