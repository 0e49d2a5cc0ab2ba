"""One subject's scorecard as pages, documents and the API show it: all of it from what was stored when it was scored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from steelyard.calc import change
from steelyard.calc.change import Waterfall
from steelyard.calc.errors import Missing
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.windows import READY_WINDOWS
from steelyard.calc.framework.wording.phrases import Phrases, capital
from steelyard.calc.next_level import NextLevel
from steelyard.calc.next_level import next_level as next_level_of
from steelyard.calc.over_time import Holding
from steelyard.calc.over_time.needs import looks_back
from steelyard.calc.points import Reading
from steelyard.calc.scorecards.paths import nodes_with_paths
from steelyard.calc.situation import Situation, stored_value
from steelyard.calc.units import divide
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.reading import readers_language
from steelyard.ledger.scope import Scope

from . import files, limits, stored
from .choosing import exactly
from .earlier import Read
from .history import Past, Peers, looking_back, peers_of
from .kept import Kept
from .models import Override, Publication, Result, Run
from .overrides.queries import of_run as overrides_of_run
from .queries import published
from .reasons import in_words, is_in_english

Row = Mapping[str, Any]
PERIODS = 8

_missing: Kept[NextLevel | None] = Kept(2_000)


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI of the card. ``points`` is what it adds to the total, ``maximum`` what it could add; both in the grain of points."""

    node: str
    title: str
    kpi: str
    meaning: str
    unit: str
    better: str | tuple[Fraction | int, Fraction | int]
    value: int | str | None
    target: int | None
    numerator: str | None
    denominator: str | None
    points: int | None
    maximum: int | None
    earned: int | None  # by its own rule, before weights
    out_of: int | None
    weight: str | None
    no_data: str | None
    reason: str | None
    reason_in_english: bool
    few: bool
    counted: int
    excluded: Mapping[str, int]
    trend: tuple[int | None, ...] = ()
    change: int | None = None

    @property
    def between(self) -> tuple[Fraction | int, Fraction | int] | None:
        """The range that is best, where neither higher nor lower is."""
        return self.better if isinstance(self.better, tuple) else None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the card with its KPIs; the only one, without a title, where the card has no parts."""

    node: str
    title: str
    points: int | None
    maximum: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a cap, gate or rounding moved: no KPI's doing, and part of the total all the same."""

    title: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """A gate of the card: what it asks, whether it holds, what follows if it does not."""

    title: str
    text: str
    rule: str
    otherwise: str
    limit: str
    holds: bool


@dataclass(frozen=True)
class Card:
    """A scorecard, whole."""

    run: Run
    framework: Framework
    subject: str
    publication: Publication | None
    in_force: bool  # whether the address alone leads here
    total: int | None
    out_of: int | None
    level: str | None
    passes: bool | None
    reason: str  # why there is no total
    limited_by: tuple[str, ...]
    sections: tuple[Section, ...]
    beside: tuple[Line, ...]  # KPIs that no part of the card weighs
    taken: tuple[Taken, ...]
    requirements: tuple[Requirement, ...]
    past: tuple[Past, ...]  # oldest first, this period last
    peers: Peers | None
    overall: int | None = None  # after `history`; None where the framework has none
    holding: Holding | None = None  # the standing; None where the framework has none
    fired: tuple[str, ...] = ()  # the triggers that fired

    @property
    def held(self) -> str | None:
        """The level that the subject holds: its standing, or the level earned where the framework knows no standings."""
        return self.level if self.holding is None else self.holding.level

    @property
    def known_now(self) -> bool:
        """Whether earlier periods were computed again for this run, rather than read as published."""
        return bool(self.run.inputs.get("earlier") == "as known now")

    @property
    def earlier(self) -> tuple[Read, ...]:
        """The earlier runs whose results were read for this subject, oldest first."""
        found: dict[str, Read] = {}
        for one in map(Read.of, self.run.earlier):
            if one.subject in ("", self.subject):
                found[one.period] = one
        return tuple(found.values())

    @property
    def before(self) -> Past | None:
        """The period before, if the subject was scored in it."""
        return self.past[-2] if len(self.past) > 1 and self.past[-2].is_former else None

    @property
    def lines(self) -> list[Line]:
        """Every KPI of the card, in order."""
        return [line for section in self.sections for line in section.lines]

    @property
    def levels(self) -> list[tuple[str, int]]:
        """The levels with the points they begin at, best first."""
        return limits.limits(self.framework)

    @property
    def level_title(self) -> str:
        """The level in words."""
        return limits.titles(self.framework).get(self.level or "", "")

    @property
    def change(self) -> int | None:
        """How much the total moved since the period before."""
        former = self.before
        return None if former is None or former.total is None or self.total is None else self.total - former.total

    @property
    def counted(self) -> tuple[int, int]:
        """Rows counted and not counted, over all KPIs."""
        lines = [*self.lines, *self.beside]
        return sum(line.counted for line in lines), sum(sum(line.excluded.values()) for line in lines)

    @cached_property
    def override(self) -> Override | None:
        """What two people set beside this score, if anything; the score itself is as calculated."""
        return overrides_of_run(self.run, self.subject).get(self.subject)

    @cached_property
    def number(self) -> str:
        """The number of the receipt: the hash over everything that this result rests on and says."""
        return Result.objects.filter(run=self.run, subject=self.subject).values_list("receipt", flat=True).first() or ""

    @property
    def receipt(self) -> str:
        """`44d1-4966-7d1c`: the first digits of the receipt's number, short enough to read out."""
        return "-".join(self.number[place : place + 4] for place in (0, 4, 8)) if self.number else "–"

    @property
    def whole_points(self) -> bool:
        """Whether what each KPI could add is a whole number of points."""
        return all(line.maximum is None or line.maximum % 10**6 == 0 for line in self.lines)

    def line(self, kpi: str) -> Line:
        """The KPI of this name; `Missing` if the card has none."""
        found = next((line for line in (*self.lines, *self.beside) if line.kpi == kpi), None)
        if found is None:
            raise Missing
        return found


def sees(framework: Framework, subject: str, scope: Scope) -> bool:
    """Whether a scope sees a subject: everything, or a subject with one of its partners."""
    if scope.everything:
        return True
    codes = dict(zip(framework.subject, subject.split(files.SEPARATOR), strict=False))
    return codes.get("partner", "") in scope.partners


def card(framework: str, period: str, subject: str, *, scope: Scope, published_only: bool = False, run: str | None = None) -> Card:
    """The scorecard of an address, as far as it is to be seen; else `Missing`.

    What is published of the subject is in force; before anything is, staff see the newest run. ``run`` asks for another of the
    same period by the beginning of its id.
    """
    chosen = exactly(framework, period, scope=scope, published_only=published_only)
    publication = published(framework, period, subject)
    if publication is None and published_only:
        raise Missing
    in_force = shown = publication.run if publication is not None else chosen.run
    if run and not published_only:
        asked = Run.objects.select_related("framework").filter(framework__code=framework, period=period, run_id__startswith=run).first()
        shown = asked or shown
    if not sees(framework_of(shown.framework), subject, scope):
        raise Missing
    past = looking_back(chosen, shown, subject, PERIODS, published_only=published_only)
    made_public = publication if publication is not None and publication.run_id == shown.pk else None
    return of_run(shown, subject, past, made_public, in_force=shown.pk == in_force.pk)


def of_run(run: Run, subject: str, past: tuple[Past, ...] = (), publication: Publication | None = None, *, in_force: bool = True) -> Card:
    """The scorecard that a run made of a subject; ``past`` is what to compare it with."""
    framework = framework_of(run.framework)
    rows = list(stored.items(run, subject).iter_rows(named=True))
    notes = {row["node"]: json.loads(row["notes"]) if row["notes"] else {} for row in rows}
    root = next((row for row in rows if row["kind"] == "total"), None)
    root_notes = notes[root["node"]] if root is not None else {}
    phrases = Phrases.of(framework, readers_language())
    past = past or (Past.of(run, subject),)
    lines = [_line(row, notes[row["node"]], phrases, past) for row in rows if row["kpi"]]
    return Card(
        run=run,
        framework=framework,
        subject=subject,
        publication=publication,
        in_force=in_force,
        total=root["points"] if root else None,
        out_of=root["out_of"] if root else None,
        level=root_notes.get("level"),
        passes=root["passes"] if root else None,
        reason=in_words(root["no_data_reason"] or "") if root else "",
        limited_by=tuple(text for text in [root_notes.get("level_limited_by")] if text),
        sections=tuple(_sections(rows, {line.node: line for line in lines})),
        beside=tuple(line for line in lines if line.node.startswith("kpis/")),
        taken=tuple(
            Taken(row["title"], line["text"], line["total_contribution"])
            for row in rows
            for line in notes[row["node"]].get("lines", ())
            if line.get("total_contribution")
        ),
        requirements=tuple(_requirement(row, gate, phrases) for row in rows for gate in notes[row["node"]].get("gates", ())),
        past=past,
        peers=peers_of(run) if past[-1].open_to_peers else None,
        overall=root_notes.get("overall"),
        holding=Holding.of(root_notes["standing"]) if "standing" in root_notes else None,
        fired=tuple(root_notes.get("fired", ())),
    )


def why(card: Card) -> Waterfall | None:
    """What each item did to the total since the period before; the steps add up. None if there is nothing to compare with."""
    if card.before is None:
        return None
    results = [(name, stored.items(run, card.subject)) for name, run in (("", card.before.run), ("", card.run))]
    return _in_words(change.chain(results))


def traced(card: Card) -> Waterfall | None:
    """The same by cause: some computations over the subject's rows, kept once made."""
    from .tracing import trace  # it computes, which no other part of a card does

    return None if card.before is None else _in_words(trace(card.before.run, card.run, card.subject).waterfall)


def _in_words(found: Waterfall) -> Waterfall:
    steps = tuple(replace(step, text=in_words(step.text)) for step in found.steps)
    return replace(found, steps=steps, note=in_words(found.note))


def next_level(card: Card) -> NextLevel | None:
    """What is missing for the level above, computed exactly; None at the top, without levels and without a total."""
    return _missing.get((card.run.run_id, card.subject), lambda: next_level_of(_situation(card)))


def _situation(card: Card) -> Situation:
    from .opening import attributes_of, past  # they read histories and earlier runs, which few frameworks need here

    items = stored.items(card.run, card.subject)
    situation = Situation.of(card.framework, items, {}, {})
    asked = situation.reads
    readings: dict[Reading, Any] = {}
    if asked & set(card.framework.measures):
        readings = stored.values(card.framework, stored.readings(card.run, card.subject))
    known = {*card.framework.measures, *card.framework.kpis, *card.framework.settings, *card.framework.windows, *READY_WINDOWS}
    known |= {"points", "overall", "passes", "lowest_item", "level"}
    attributes = attributes_of(card.run, card.subject) if asked - known else {}
    before = past(card.run) if looks_back(card.framework) else None
    return Situation.of(card.framework, items, readings, attributes, before)


def _sections(rows: Sequence[Row], lines: Mapping[str, Line]) -> list[Section]:
    """The parts directly below the total with every KPI below them; KPIs directly below it stand in a part without a title."""
    parents = {row["node"]: row["parent"] for row in rows}
    root = next((row["node"] for row in rows if row["kind"] == "total"), None)
    by_node = {row["node"]: row for row in rows}
    found: dict[str, list[Line]] = {}
    for node, line in lines.items():
        if node.startswith("kpis/"):
            continue
        top = node
        while parents[top] is not None and parents[top] != root:
            top = parents[top]
        found.setdefault("" if by_node[top]["kpi"] else top, []).append(line)
    sections = []
    for node, inside in found.items():
        row = by_node.get(node)
        title, points = (row["title"], row["total_contribution"]) if row else ("", None)
        sections.append(Section(node, title, points, _maximum(row) if row else None, tuple(inside)))
    return sections


def _line(row: Row, notes: Mapping[str, Any], phrases: Phrases, past: tuple[Past, ...]) -> Line:
    kpi = phrases.framework.kpis[row["kpi"]]
    earlier = [period.at(row["node"], row["kpi"], row["unit"]) for period in past]
    former = earlier[-2] if len(past) > 1 and past[-2].is_former else None
    contribution = row["total_contribution"] if row["points"] is not None else None
    meaning = capital(phrases.say(kpi.formula.tree))
    return Line(
        node=row["node"],
        title=row["title"],
        kpi=row["kpi"],
        meaning=meaning if meaning.casefold() != row["title"].casefold() else "",
        unit=row["unit"],
        better=kpi.better,
        value=stored_value(row),
        target=row["target"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        points=contribution,
        maximum=_maximum(row),
        earned=row["points"],
        out_of=row["out_of"],
        weight=row["total_weight"],
        no_data=row["no_data"],
        reason=in_words(row["no_data_reason"] or "") or None,
        reason_in_english=is_in_english(row["no_data_reason"] or ""),
        few=bool(notes.get("few")),
        counted=row["counted"] or 0,
        excluded=stored.excluded(row["excluded"]),
        trend=tuple(found.value if found else None for found in earlier),
        change=None if former is None or row["kind"] == "kpi" else (contribution or 0) - (former.points or 0),
    )


def _maximum(row: Row) -> int | None:
    """What a part could add to the total: the highest of its own points, in its weight."""
    if row["out_of"] is None or row["total_weight"] is None:
        return None
    exact = row["out_of"] * Fraction(row["total_weight"])
    return divide(exact.numerator, exact.denominator)


def _requirement(row: Row, gate: Mapping[str, Any], phrases: Phrases) -> Requirement:
    known = {found.rule.text: found.rule for _path, node in nodes_with_paths(phrases.framework) for found in node.require}
    rule = capital(phrases.say(known[gate["rule"]].tree)) if gate["rule"] in known else gate["rule"]
    return Requirement(row["title"], gate.get("reason") or rule, rule, gate["else"], gate.get("level", ""), gate["held"])
