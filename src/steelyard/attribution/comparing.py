"""A name beside a partner: what agrees, what does not, and which letters differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.calc.facts import FACTS
from steelyard.calc.matching.letters import same_letters as normalised
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import belonging
from steelyard.ui import formats

from .names import Candidate, Name

_NEAR = 0.6  # of the letters
_SAID = ("reported_territory", "representative", "currency")


@dataclass(frozen=True)
class Mark:
    """What is known of a candidate in one line; ``agrees`` None: nothing to compare it with."""

    text: str
    agrees: bool | None = None
    below: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the comparison: its title, what the file says, a mark for each candidate."""

    title: str
    said: str
    marks: tuple[Mark, ...]


def lines(name: Name, candidates: Sequence[Candidate]) -> list[Line]:
    """What is known of each candidate beside what the lines say; a line that says nothing of anybody is left out."""
    said = _said(name)
    found = [
        Line(_("Key"), name.party, tuple(_key(name, one) for one in candidates)),
        Line(_("Town"), "", tuple(_town(name, one) for one in candidates)),
        Line(_("Country"), "", tuple(Mark(one.values["country"]) for one in candidates)),
        Line(_("Type"), "", tuple(Mark(one.values["type"]) for one in candidates)),
        _territory(said["reported_territory"], candidates),
        _representative(said["representative"], candidates),
        _currency(said["currency"], candidates),
        Line(_("Status"), "", tuple(Mark(one.values["status"], False if one.values["status"] == "ended" else None) for one in candidates)),
        Line(_("Lines before"), "", tuple(_before(one) for one in candidates)),
    ]
    return [line for line in found if any(mark.text for mark in line.marks)]


def _said(name: Name) -> dict[str, list[str]]:
    """What the lines of a name say of territory, representative and currency, the most frequent first."""
    found: dict[str, list[str]] = {column: [] for column in _SAID}
    for kind_name in name.kinds:
        columns = [column for column in _SAID if column in FACTS[kind_name].by_name]
        rows = ledger.facts(kind_name, scope=EVERYTHING, columns=["source", "party", "sign", *columns])
        mine = rows.filter((pl.col("party") == name.party) & (pl.col("source") == name.source) & (pl.col("sign") > 0)).collect()
        for column in columns:
            if not found[column]:
                counted = mine[column].drop_nulls().value_counts(sort=True)
                found[column] = [value for value in counted[column].to_list()[:3] if value]
    return found


def _key(name: Name, one: Candidate) -> Mark:
    """The partner's code; what this source calls it already speaks against a second key, and its own code for it."""
    if one.keys and name.party not in one.keys:
        known = _("here called %(key)s") % {"key": ", ".join(one.keys[:2])}
        return Mark(one.code, None, known)
    return Mark(one.code)


def _town(name: Name, one: Candidate) -> Mark:
    city = one.values["city"]
    spoken = normalised(" ".join((*name.names, name.party)))
    return Mark(
        city, True if city and normalised(city) in spoken else None, _("stands in the name") if city and normalised(city) in spoken else ""
    )


def _territory(said: list[str], candidates: Sequence[Candidate]) -> Line:
    known = belonging.on(timezone.localdate())
    titles = known.names["territory"]
    marks = []
    for one in candidates:
        own = one.values["territory"]
        agrees = None if not said or not own or said[0] not in titles else own in known.below(said[0]) or said[0] in known.below(own)
        marks.append(Mark(titles.get(own, own), agrees))
    return Line(_("Territory"), titles.get(said[0], said[0]) if said else "", tuple(marks))


def _representative(said: list[str], candidates: Sequence[Candidate]) -> Line:
    today = timezone.localdate()
    known = belonging.on(today)
    codes = [one.code for one in candidates]
    held = known.over_time.filter(
        pl.col("partner").is_in(codes) & (pl.col("valid_from") <= today) & (today < pl.col("valid_to")) & pl.col("assigned").is_not_null()
    )
    whose: dict[str, str] = dict(held.select("partner", "assigned").iter_rows())
    titles = known.names["representative"]
    marks = []
    for code in codes:
        own = whose.get(code, "")
        agrees = own == said[0] if said and own and said[0] in titles else None
        marks.append(Mark(titles.get(own, own) if own else "", agrees))
    return Line(_("Representative"), titles.get(said[0], said[0]) if said else "", tuple(marks))


def _currency(said: list[str], candidates: Sequence[Candidate]) -> Line:
    marks = [
        Mark(", ".join(one.currencies), (bool(set(said) & set(one.currencies)) if said and one.currencies else None)) for one in candidates
    ]
    return Line(_("Currency"), ", ".join(said), tuple(marks))


def _before(one: Candidate) -> Mark:
    if not one.rows:
        return Mark(_("none of this source"))
    shown = {"shown": formats.amount(one.rows, "count")}
    text = ngettext("%(shown)s line", "%(shown)s lines", one.rows) % shown
    return Mark(text, None, _("since %(year)s") % {"year": one.since.year} if one.since else "")


def letters(said: str, name: str) -> list[tuple[str, bool]]:
    """The partner's name in pieces, each with whether its letters differ from what the file says; missing ones are a dot.

    Of names that have little in common no letter is told apart: all of them would be.
    """
    one, other = _folded(said), _folded(name)
    compared = SequenceMatcher(None, one, other, autojunk=False)
    if compared.ratio() < _NEAR:
        return [(name, False)]
    pieces: list[tuple[str, bool]] = []
    for what, start, end, first, last in compared.get_opcodes():
        if what == "delete" and one[start:end].strip():
            pieces.append(("·", True))
        elif last > first:
            pieces.append((name[first:last], what != "equal"))
    return pieces


def _folded(text: str) -> str:
    """Case folded letter by letter, so that places stay."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
