"""Reading a framework's text as this house understands it: a region's base is the one applied here, or lies beside its file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from steelyard.calc.errors import Problem
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.framework.regions import base_of

from .models import FrameworkVersion


def read_here(text: str, beside: Path | None = None) -> tuple[Framework | None, list[Problem]]:
    """The framework, or None, and every problem. ``beside``: the file of the text; its folder is looked into first."""
    return read(text, bases=bases_for(text, beside))


def bases_for(text: str, beside: Path | None = None) -> dict[str, str]:
    """The text of the base that a region's text extends, by its code; nothing for other texts."""
    code = base_of(text)
    if not code:
        return {}
    file = beside.with_name(f"{code}.yaml") if beside is not None and Path(code).name == code else None
    if file is not None and file.is_file():
        return {code: file.read_text(encoding="utf-8")}
    newest = newest_of(code)
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
