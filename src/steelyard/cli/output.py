"""How every command speaks: data on stdout (text, `--json`, `--csv`), messages and progress on stderr, one set of exit codes."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from steelyard.calc.errors import Problem

UNCUT = 160  # columns where no terminal says how many: tables in a log or a pipe are not squeezed
messages = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


class Exit(IntEnum):
    """What a command's exit code says."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    PROBLEMS = 3
    PARTLY_QUARANTINED = 4


def data() -> Console:
    """A console on stdout, made anew so that it follows a redirected stream."""
    return Console(file=sys.stdout, highlight=False, emoji=False, width=None if sys.stdout.isatty() else UNCUT)


def print_json(value: Any) -> None:
    """One JSON value on stdout; decimals and dates are text."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def write_csv(rows: Iterable[Sequence[Any]], head: Sequence[str], target: Path | TextIO) -> None:
    """Rows as CSV to a file or a stream."""
    if isinstance(target, Path):
        with target.open("w", encoding="utf-8", newline="") as stream:
            write_csv(rows, head, stream)
        return
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", right: Iterable[str] = ()) -> None:
    """A table on stdout; columns named in ``right`` are right-aligned, as numbers are."""
    wanted = set(right)
    if title:
        data().print(Text(title, style="bold"))
    view = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in head:
        view.add_column(name, justify="right" if name in wanted else "left", no_wrap=name in wanted)
    for row in rows:
        view.add_row(*("" if cell is None else Text(printable(str(cell))) for cell in row))
    data().print(view)


def printable(text: str) -> str:
    """Text from anywhere, with the characters that would command the terminal made visible."""
    return "".join(character if character.isprintable() or character == "\n" else f"\\x{ord(character):02x}" for character in text)


def say(message: str) -> None:
    """One message on stderr."""
    messages.print(printable(message), markup=False)


def show_problems(problems: Sequence[Problem], limit: int = 50) -> None:
    """The first problems on stderr, one line each, and how many more there are."""
    for problem in problems[:limit]:
        say(f"{problem.severity}: {problem} [{problem.code}]")
    if len(problems) > limit:
        say(f"… and {len(problems) - limit} more")


@contextmanager
def progress(title: str, total: int | None = None):  # type: ignore[no-untyped-def]
    """A progress bar on stderr, only where a person watches; yields ``advance(n=1)``."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(title, total=total)
        yield lambda n=1: bar.advance(task, n)
