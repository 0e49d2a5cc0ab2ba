"""Writes docs/reference/ from the code: `python docs/generate.py`, or `--check` to say which pages differ (exit code 1).

Facts, masters, commands, pages, REST, problem codes and odd input are read from their declarations. What a key of a framework means
is written beside its readers (`calc/framework/meanings.py`), of a mapping in `meanings.py`; a key without a meaning stops the generator.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "src" / "steelyard"
NOTE = "<!-- Written by docs/generate.py from the code: change the code, then run `make docs`. -->"

sys.path.insert(0, str(DOCS))  # so that the modules beside this one are found however it is started


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        cells = (" ".join(str(cell).split()).replace("|", "\\|") for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page(title: str, *parts: str) -> str:
    """A whole page."""
    return "\n\n".join([f"# {title}", NOTE, *(part for part in parts if part)]) + "\n"


# -- facts and masters


def columns_table(columns: Iterable[object], key: Sequence[str]) -> str:
    """The columns of a kind, one line each."""
    rows = []
    for column in columns:
        marks = [
            word for word, holds in (("required", column.required), ("key", column.name in key), ("personal", column.personal)) if holds
        ]
        meaning = column.meaning
        if column.choices and not all(choice in meaning for choice in column.choices):
            meaning += f" ({', '.join(column.choices)})"
        if column.currency:
            meaning += f"; in `{column.currency}`"
        also = ", ".join(column.synonyms)
        rows.append((f"`{column.name}`", column.type, ", ".join(marks), meaning, also))
    return table(("column", "type", "", "meaning", "headers also understood"), rows)


def facts() -> str:
    from steelyard.calc.facts import FACTS, SYSTEM_COLUMNS

    parts = [
        "A fact stores what the source said: its own keys, dates, quantities and amounts. Anything a KPI may read is a fact. All kinds "
        "are imported the same way: `steelyard import KIND FILE`. Types and their precision: [precision](precision.md).",
        "Every fact also carries: " + ", ".join(f"`{name}`" for name in SYSTEM_COLUMNS) + ". Frameworks do not read these.",
    ]
    for kind in FACTS.values():
        dates = [f"Default date: `{kind.date}`." if kind.date else ""]
        dates += [f"Valid from `{kind.valid_from}` to `{kind.valid_to}`, both included."] if kind.valid_from else []
        dates += ["Its rows happen on their date, so they tell how far the data reach."] if kind.flow else []
        dates += ["Each row speaks of a whole month, so no window of days reads it."] if kind.monthly else []
        parts += [f"## {kind.name}", kind.meaning, " ".join(dates), columns_table(kind.columns, kind.key)]
    return page("Facts", *parts)


def masters() -> str:
    from steelyard.calc.masters import MASTERS
    from steelyard.partners.masters import EVERY

    parts = [
        "Master data have histories: each row says from when to when it is true, and the ledger remembers when it became known. "
        "A column that a file leaves out stays as it is known; an empty cell makes it blank. Scoring uses what was in force on a row's own date.",
    ]
    for name, master in EVERY.items():
        ways = (
            f"`steelyard import {name} FILE` or `steelyard {name} add`"
            if name in MASTERS
            else f"`steelyard {name} change`"
            if name == "settings"
            else f"`steelyard {name} add`"
        )
        parts += [f"## {name}", f"{master.kind.meaning} Written with {ways}.", columns_table(master.kind.columns, master.kind.key)]
    return page("Masters", *parts)


def precision() -> str:
    from steelyard.calc.units import DECIMALS

    return page(
        "Precision",
        "There is no binary floating point anywhere. Numbers are stored as whole numbers in the grain of their unit and calculated as "
        "exact fractions; a KPI is rounded once, half to even, when its formula ends.",
        table(("unit", "decimals kept"), [(unit, decimals) for unit, decimals in DECIMALS.items()]),
    )


# -- commands


def commands() -> str:
    import typer.main

    from steelyard.cli.assemble import app
    from steelyard.cli.output import Exit

    meaning = {
        Exit.OK: "done", Exit.FAILURE: "something unexpected went wrong", Exit.USAGE: "the command was not understood",
        Exit.PROBLEMS: "problems were found, and said; nothing was done",
        Exit.PARTLY_QUARANTINED: "the good rows are in, others wait in quarantine",
    }  # fmt: skip
    parts = [
        "`steelyard COMMAND --help` says the same on the terminal. Data go to stdout, messages to stderr. `--json` prints what programs read.",
        table(("exit code", "meaning"), [(int(code), meaning[code]) for code in Exit]),
    ]
    root = typer.main.get_command(app)
    for name, command in sorted(root.commands.items()):
        parts += list(_command(f"steelyard {name}", command))
    return page("Commands", *parts)


def _command(name: str, command: object) -> Iterator[str]:
    yield f"## {name}"
    yield " ".join((command.help or "").split())
    if hasattr(command, "commands"):
        for inner, found in sorted(command.commands.items()):
            yield from (part.replace("## steelyard", "### steelyard", 1) for part in _command(f"{name} {inner}", found))
        return
    if command.epilog:
        yield f"{command.epilog.replace('Example: ', 'Example: `', 1)}`"
    rows = []
    for parameter in command.params:
        if parameter.name == "help":
            continue
        is_option = parameter.param_type_name == "option"
        names = ", ".join(f"`{option}`" for option in parameter.opts) if is_option else f"`{parameter.name.upper()}`"
        what = getattr(parameter, "help", "") or ""
        default = parameter.default
        if is_option and isinstance(default, str | int) and not isinstance(default, bool) and default != "":
            what += f" Default: {default}."
        rows.append((names, "required" if parameter.required else "", what))
    if rows:
        yield table(("", "", "meaning"), rows)


def pages() -> dict[str, str]:
    """Every generated page by its name."""
    import cases as odd
    import language
    import pages as site
    import permissions
    import problems

    return {
        "facts.md": facts(),
        "masters.md": masters(),
        "precision.md": precision(),
        "commands.md": commands(),
        "framework-language.md": language.framework_language(),
        "framework.schema.json": language.framework_schema(),
        "mappings.md": language.mappings(),
        "pages.md": site.site(),
        "permissions.md": permissions.permissions(),
        "rest.md": site.rest(),
        "settings.md": language.settings(),
        "problem-codes.md": problems.problem_codes(),
        "cases.md": odd.cases(),
    }


def main() -> None:
    """Write the pages, or say which differ."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    import django

    django.setup()
    folder = DOCS / "reference"
    differing = []
    for name, text in pages().items():
        target = folder / name
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        differing.append(name)
        if "--check" not in sys.argv:
            target.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and differing:
        sys.stderr.write(f"docs/reference differs from the code: {', '.join(differing)}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
