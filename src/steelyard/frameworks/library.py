"""The library of KPIs: fifty that partners are measured by, ready to be copied into a framework."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.framework.extract import Extract, extract
from steelyard.calc.framework.model import Framework, Kpi
from steelyard.calc.framework.read import read
from steelyard.calc.framework.wording.sentences import sentences
from steelyard.calc.vectors import Vector, read_vectors

from .published import programme

NUMBER = re.compile(r"\bk[0-9]{2}_")  # before the code of every KPI in that file
NAME = "kpi_library"  # the programme that holds them
CATEGORIES: tuple[tuple[str, Any, int], ...] = (  # key, title, number of the last KPI in it
    ("sales", _("Sales"), 5), ("accounts", _("Accounts"), 10), ("mix", _("Mix and market"), 15), ("referrals", _("Referrals"), 18),
    ("stock", _("Stock"), 23), ("delivery", _("Delivery"), 26), ("reporting", _("Reports and forecasts"), 31),
    ("money", _("Money and terms"), 36), ("compliance", _("Compliance"), 40), ("field", _("Field work"), 44),
    ("pipeline", _("Pipeline and plans"), 49), ("satisfaction", _("Satisfaction"), 50),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tested:
    """A vector of a KPI, as it is written."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class LibraryKpi:
    """One KPI of the library. ``sentence`` and ``rests_on`` in the reader's language; ``text`` is the YAML to copy."""

    number: int
    code: str
    title: str
    category: str
    formula: str
    unit: str
    better: str
    no_data: str
    sentence: str
    rests_on: tuple[str, ...]
    facts: tuple[str, ...]
    text: str
    vectors: tuple[Tested, ...]

    @property
    def category_title(self) -> Any:
        """The category as people read it."""
        return next(title for key, title, _last in CATEGORIES if key == self.category)

    def lacking(self, held: Collection[str]) -> tuple[str, ...]:
        """The kinds of fact it needs that are not among those held."""
        return tuple(fact for fact in self.facts if fact not in held)


@lru_cache(maxsize=4)
def kpis(language: str = "en") -> tuple[LibraryKpi, ...]:
    """The whole library, by number, in the words of a language."""
    source = programme(NAME)
    framework, problems = read(source.text)
    if framework is None:
        raise Refused(problems)
    told = {sentence.path: sentence.text for sentence in sentences(framework, language)}
    vectors, _problems = read_vectors(source.vectors, framework)
    tested = _tested(vectors, source.vectors)
    return tuple(_entry(framework, kpi, told, tested) for kpi in framework.kpis.values())


def kpi(code: str, language: str = "en") -> LibraryKpi:
    """One KPI by its code, or `Refused` with the nearest."""
    every = {one.code: one for one in kpis(language)}
    if code not in every:
        raise Refused(Problem("unknown-kpi", "the library has no such KPI", found=code, hint=did_you_mean(code, every)))
    return every[code]


def search(every: Collection[LibraryKpi], words: str = "", category: str = "") -> list[LibraryKpi]:
    """Those that hold every word, of one category if it is named."""
    wanted = words.casefold().split()
    return [
        one
        for one in every
        if category in ("", one.category)
        and all(word in f"{one.code} {one.title} {one.sentence} {' '.join(one.facts)}".casefold() for word in wanted)
    ]


def _entry(framework: Framework, kpi: Kpi, told: Mapping[str, str], tested: Mapping[str, tuple[Tested, ...]]) -> LibraryKpi:
    number, code = int(kpi.name[1:3]), kpi.name[4:]
    cut: Extract = extract(framework.source, kpi.name)
    paths = [f"{section}.{name}" for section in ("measures", "lists") for name in cut.names.get(section, ())]
    return LibraryKpi(
        number=number,
        code=code,
        title=kpi.title,
        category=next(key for key, _title, last in CATEGORIES if number <= last),
        formula=kpi.formula.text,
        unit=kpi.unit,
        better=kpi.better if isinstance(kpi.better, str) else "between",
        no_data=kpi.no_data.policy,
        sentence=told[f"kpis.{kpi.name}"],
        rests_on=tuple(told[path] for path in paths if path in told),
        facts=cut.facts,
        text=NUMBER.sub("", cut.text),
        vectors=tested.get(kpi.name, ()),
    )


def _tested(vectors: Collection[Vector], text: str) -> dict[str, tuple[Tested, ...]]:
    """The vectors of every KPI, cut out of the file by the lines they stand on."""
    lines = text.splitlines()
    starts = sorted(vector.place.line for vector in vectors)
    found: dict[str, tuple[Tested, ...]] = {}
    for vector in vectors:
        end = next((line for line in starts if line > vector.place.line), len(lines) + 1)
        own = [line.removeprefix("  ") for line in lines[vector.place.line - 1 : end - 1] if not line.lstrip().startswith("#")]
        for name in vector.expected.kpis:
            found[name] = (*found.get(name, ()), Tested(vector.name, NUMBER.sub("", "\n".join(own))))
    return found
