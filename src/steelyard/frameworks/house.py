"""Reading a framework's text as this house understands it: a region's base is the one applied here, or lies beside its file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.db import OperationalError, connection

from steelyard.calc.attributes import Recorded
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.framework.regions import base_of
from steelyard.partners.queries import declared

from .models import FrameworkVersion

_NAMES = re.compile(r"`(?:partner\.|product\.)?(\w+)`")


def text_in(file: Path) -> str:
    """The text of a file; `Refused` if it cannot be read as text."""
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"byte {error.object[error.start]:#04x}"
        raise Refused(Problem("encoding", "this is not UTF-8", f"{file.name} (line {line})", found, "save the file as UTF-8")) from error
    except OSError as error:
        raise Refused(
            Problem("no-file", "the file cannot be read", file.name, error.strerror or "", "look at its name and rights")
        ) from error


def is_there() -> bool:
    """Whether there is a house to ask: files of frameworks are also read where nothing is installed, or the database is away."""
    try:
        return FrameworkVersion._meta.db_table in connection.introspection.table_names()
    except OperationalError:
        return False


def read_here(text: str, beside: Path | None = None, *, ask: bool = True) -> tuple[Framework | None, list[Problem]]:
    """The framework, or None, and every problem. ``beside``: the file of the text; its folder is looked into first.

    Its attributes of the company's own must be declared here; a name that is one, and is not in the text's `attributes`, is told.
    ``ask``: whether there is a house to ask (`is_there`).
    """
    bases = bases_for(text, beside, ask=ask)
    framework, problems = read(text, bases=bases)
    if not ask or (framework is not None and not framework.attributes):
        return framework, problems
    recorded = declared()
    framework, problems = read(text, bases=bases, recorded=recorded)
    return framework, [_knowing(problem, recorded) for problem in problems]


def _knowing(problem: Problem, recorded: Recorded) -> Problem:
    """What to write, where an unknown name is an attribute of the company's own."""
    if problem.code not in ("unknown-name", "unknown-column"):
        return problem
    code = next((name for name in _NAMES.findall(problem.message) if name in recorded), None)
    if code is None:
        return problem
    about, kind = recorded[code]
    return replace(problem, hint=f"the company records it: write `attributes: {{{about}: {{{code}: {kind}}}}}` at the head")


def bases_for(text: str, beside: Path | None = None, *, ask: bool = True) -> dict[str, str]:
    """The text of the base that a region's text extends, by its code; nothing for other texts."""
    code = base_of(text)
    if not code:
        return {}
    file = beside.with_name(f"{code}.yaml") if beside is not None and Path(code).name == code else None
    if file is not None and file.is_file():
        return {code: text_in(file)}
    newest = newest_of(code) if ask else None
    return {code: newest.text} if newest is not None else {}


def newest_of(code: str) -> FrameworkVersion | None:
    """The newest version of a framework, if there is any."""
    return FrameworkVersion.objects.filter(code=code).order_by("-version").first()


def unfit_regions(version: FrameworkVersion) -> list[Problem]:
    """The regions that no longer fit to a new version of their base; each stays with the version it was applied to."""
    found = []
    for region in regions_of(version.code):
        framework, problems = read(region.text, bases={version.code: version.text})
        if framework is None:
            first = next(problem for problem in problems if problem.severity == "error")
            message = f"`{region.code}` no longer fits to its base and stays with version {region.base.version if region.base else 0}"
            found.append(Problem("region-unfit", message, first.where, first.message, "change the region's file and apply it", "warning"))
    return found


def regions_of(code: str, on: date | None = None) -> list[FrameworkVersion]:
    """The newest version of every region of a framework, by code; ``on``: the newest that is effective on the day."""
    newest: dict[str, FrameworkVersion] = {}
    extending = FrameworkVersion.objects.filter(base__code=code).values("code")
    rows = FrameworkVersion.objects.filter(code__in=extending).select_related("base")
    for version in (rows if on is None else rows.exclude(effective__gt=on)).order_by("code", "version"):
        newest[version.code] = version
    return [version for version in newest.values() if version.base is not None and version.base.code == code]
