"""Every read of frameworks."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.framework.regions import base_of

from .models import FrameworkVersion


def versions(code: str | None = None) -> list[FrameworkVersion]:
    """All versions, or those of one framework, oldest first."""
    rows = FrameworkVersion.objects.all()
    return list(rows.filter(code=code) if code else rows)


def version(code: str, number: int | None = None, on: date | None = None) -> FrameworkVersion:
    """One version: by number, else the newest that is effective on the day (if one is given)."""
    rows = FrameworkVersion.objects.filter(code=code).select_related("base").order_by("-version")
    if number is not None:
        rows = rows.filter(version=number)
    elif on is not None:
        if not rows.exclude(effective__gt=on).exists() and rows.exists():
            first = rows.last()
            assert first is not None
            raise Refused(
                Problem(
                    "not-effective",
                    f"`{code}` does not score this early",
                    found=f"as of {on}; its first version is effective from {first.effective}",
                    hint="score a later period, or name the version: --version N",
                )
            )
        rows = rows.exclude(effective__gt=on)
    found = rows.first()
    if found is None:
        known = FrameworkVersion.objects.values_list("code", flat=True).distinct()
        wanted = f"{code} v{number}" if number is not None else code
        raise Refused(
            Problem(
                "unknown-framework",
                "there is no such framework",
                found=wanted,
                hint=did_you_mean(code, known) or "apply one with `steelyard framework apply FILE`",
            )
        )
    return found


def framework(of: FrameworkVersion) -> Framework:
    """The checked framework of a version."""
    return parse(of.text, of.base_text)


@lru_cache(maxsize=32)
def parse(text: str, base: str = "") -> Framework:
    """The framework of a text that was checked when it was applied; of a region, with the text of its base."""
    found, problems = read(text, bases={base_of(text): base} if base else {})
    if found is None:
        raise Refused(problems)
    return found
