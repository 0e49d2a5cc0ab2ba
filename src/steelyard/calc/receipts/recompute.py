"""A bundle computed again: both phases from its rows, by the rules of its framework, compared with its receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from .. import kpis, scorecards
from .. import subjects as all_subjects
from ..errors import Problem, Refused
from ..facts import FACTS
from ..formula.nodes import Value
from ..framework.document import fingerprint
from ..framework.model import Framework
from ..framework.read import read as read_framework
from ..framework.regions import base_of
from ..measures.evaluate import Cube, evaluate
from ..measures.known import read_coverage
from ..measures.partial import reduce
from ..measures.plan import ENGINE, plan
from ..over_time import Moment, Past
from ..over_time.needs import since
from ..periods import Period
from ..periods.days import ONE_DAY
from ..points import Points, Reading, ReadingColumn, readings_of
from ..resolve import Resolver
from . import bundle as bundles
from . import peers
from .document import FORMAT, RESULT, SEPARATOR, canonical, documents, number_of
from .earlier import moment_of
from .own_rows import as_facts
from .peers import Compared
from .readings import exact, readings_frame


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle of which everything came out as its receipt says."""

    number: str
    subject: str
    framework: str
    title: str
    period: str
    cut: int
    made_by: str
    rows: Mapping[str, int]  # by kind of fact
    readings: int
    items: int
    peers: int  # values of others that were compared with
    total: int | None  # grain of points
    level: str | None


def verify(content: bytes) -> Verified:
    """Compute a bundle again; `Refused` with what is wrong with the file, or with the first figure that differs."""
    bundle = bundles.read(content)
    said = _receipt(bundle)
    framework = _framework(bundle, said)
    try:
        text = computed(bundle, said, framework)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, pl.exceptions.PolarsError) as error:
        # whoever made the file may have written anything: what calculation cannot take is a fault of the file
        found = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise Refused(Problem("bundle-unreadable", "the content does not fit together", found=found, hint="download it again")) from error
    if text != bundle.receipt:
        raise Refused(_difference(said, bundles.parsed(text, "receipt.json")))
    subject = SEPARATOR.join(said["subject"].values())
    return Verified(
        number=number_of(bundle.receipt),
        subject=subject,
        framework=framework.code,
        title=framework.title,
        period=said["run"]["period"],
        cut=said["run"]["cut"],
        made_by=bundle.made_by,
        rows={kind: frame.height for kind, frame in sorted(bundle.rows.items())},
        readings=len(said["readings"]),
        items=len(said["items"]),
        peers=sum(len(one.values) for one in bundle.peers),
        total=said["result"].get("total"),
        level=said["result"].get("level"),
    )


def computed(bundle: bundles.Bundle, said: Mapping[str, Any], framework: Framework) -> str:
    """The receipt as it comes out of the rows of a bundle."""
    run, codes = said["run"], tuple(said["subject"].values())
    period = bundle.calendar.period(run["period"])
    if (period.start.isoformat(), period.end.isoformat()) != (run["start"], run["end"]):
        raise _differs("the period is another one in this calendar", "receipt.json: run.start", run["start"], period.start.isoformat())
    known_through = None if run["known_through"] is None else date.fromisoformat(run["known_through"])
    points = all_subjects.subjects(framework, bundle.histories, all_subjects.as_of(period.start, period.end, known_through))
    points = points.take(kpis.applicable(framework, points))
    if codes not in points.subjects:
        raise _differs("the subject is not scored by these rules", "receipt.json: subject", SEPARATOR.join(codes), "nobody")
    points = points.take([points.subjects.index(codes)])
    readings = _readings(bundle, framework, points)
    past = _past(bundle, said, framework, codes, period, points.as_of[0])
    values = kpis.compute(framework, points, readings, past=past, absent=_absent(bundle.peers))
    cards = scorecards.compute(framework, points, values, readings, past=past)
    result = cards.results().row(0, named=True)
    results = {SEPARATOR.join(codes): {name: result[column] for column, name in RESULT.items()}}
    told = {SEPARATOR.join(codes): _compared(bundle.peers, framework, points, readings, values)}
    earlier = {"": said["earlier"]} if said.get("earlier") else None
    written = documents(run, framework.subject, cards.items_frame(), readings_frame(points, readings), results, told, earlier)
    return next((text for _, text in written), canonical({}))


def _past(
    bundle: bundles.Bundle, said: Mapping[str, Any], framework: Framework, codes: tuple[str, ...], now: Period, day: date
) -> Past | None:
    """The earlier results that are read, from the subject's own receipts: each must be the one that this receipt names."""
    if since(framework, day, bundle.calendar) is None:
        return None
    days = json.dumps({name: list(map(str, days)) for name, days in bundle.cycles.items()}).encode()
    if bundle.cycles and said["run"]["inputs"].get("review days") != hashlib.sha256(days).hexdigest():
        raise _differs("the review days are not those of the receipt", "review_days.json", "others", "these")
    texts = {number_of(text): text for text in bundle.earlier}
    named = {one["period"]: one["receipt"] for one in said.get("earlier", ())}
    if {number for number in named.values() if number} != set(texts):
        raise _differs("the earlier receipts are not those that this one names", "earlier", ", ".join(named.values()), ", ".join(texts))
    moments = []
    start = min((bundle.calendar.period(label).start for label in named), default=now.start)
    for period in bundle.calendar.periods(framework.grain, start, now.start - ONE_DAY):
        number = named.get(period.label)
        told = bundles.parsed(texts[number], "earlier") if number else None
        moments.append(Moment(period.as_of) if told is None else moment_of(framework, codes, period.as_of, told))
    return Past(framework, tuple(moments), bundle.calendar, cycles=bundle.cycles)


def _receipt(bundle: bundles.Bundle) -> Mapping[str, Any]:
    """The receipt as a value, of a format and an engine that this program knows."""
    said = bundles.parsed(bundle.receipt, "receipt.json")
    found = said.get("format") if isinstance(said, dict) else None
    if found != FORMAT:
        hint = f"this program knows format {FORMAT}; take the version of Steelyard that made the bundle, or a newer one"
        raise Refused(Problem("receipt-format", "the receipt is of another format", "receipt.json", str(found), hint))
    try:
        engine, _ = said["run"]["inputs"]["engine"], (said["run"]["known_through"], said["subject"].values(), said["result"].keys())
        _ = (said["run"]["period"], said["run"]["cut"], len(said["readings"]), len(said["items"]), said["run"]["inputs"]["calendar"])
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(Problem("receipt-format", "the receipt lacks something", "receipt.json", str(error), "download it again")) from None
    if engine != ENGINE:
        hint = f"this program computes with engine {ENGINE}; take the version of Steelyard that made the bundle: {bundle.made_by}"
        raise Refused(Problem("other-engine", "the score was computed by another engine", "receipt.json: run.inputs.engine", engine, hint))
    return said


def _framework(bundle: bundles.Bundle, said: Mapping[str, Any]) -> Framework:
    """The rules and the calendar, if they are those that the receipt names."""
    inputs = said["run"]["inputs"]
    named = fingerprint(bundle.framework, bundle.base)
    if named != inputs.get("framework"):
        raise _differs("the rules are not those of the receipt", "framework.yaml", str(inputs.get("framework")), named)
    calendar = hashlib.sha256(repr(bundle.calendar).encode()).hexdigest()
    if calendar != inputs["calendar"]:
        raise _differs("the calendar is not that of the receipt", "calendar.json", str(inputs["calendar"]), calendar)
    framework, problems = read_framework(bundle.framework, bases={base_of(bundle.framework): bundle.base} if bundle.base else {})
    if framework is None:
        raise Refused(problems)
    return framework


def _readings(bundle: bundles.Bundle, framework: Framework, points: Points) -> dict[Reading, ReadingColumn]:
    """Phase 1 over the rows of the bundle."""
    unknown = sorted(set(bundle.rows) - set(FACTS))
    if unknown:
        raise Refused(Problem("unknown-fact", "there is no such kind of fact", f"rows/{unknown[0]}.jsonl", unknown[0]))
    todo, resolver = plan(framework, bundle.calendar, readings_of(framework)), Resolver(bundle.histories)
    partials = {}
    try:
        for scan in todo.scans:
            rows = bundle.rows.get(scan.fact)
            partial = reduce(todo, scan, resolver, as_facts(scan.fact, rows), rows.height) if rows is not None else None
            if partial is not None:
                partials[scan.name] = partial
        reports = bundle.rows.get("coverage") if "coverage" in todo.facts else None
        coverage = read_coverage(as_facts("coverage", reports), resolver) if reports is not None else None
        return evaluate(Cube(todo, resolver, partials, coverage), points, readings_of(framework))
    except pl.exceptions.PolarsError as error:
        found = str(error).splitlines()[0][:200]
        raise Refused(Problem("bundle-unreadable", "the rows do not fit the rules", "rows", found, "download the bundle again")) from None


def _absent(compared: Sequence[Compared]) -> dict[str, list[Value]]:
    """What the others had; where they are only counted, so many nothings."""
    found: dict[str, list[Value]] = {}
    for one in compared:
        values = [exact(value) for value in one.values] or [Fraction(0)] * min(one.others, 10**7)
        found[one.of] = [value.numerator if value.denominator == 1 else value for value in values]
    return found


def _compared(
    told: Sequence[Compared], framework: Framework, points: Points, readings: Mapping[Reading, ReadingColumn], values: Any
) -> list[Compared]:
    """The comparisons as the receipt tells of them: with the subject's own value among the others'."""
    own, asked = peers.peers_frame(framework, points, readings, values, ["own"]), peers.compared(framework)
    found = []
    for of, value in own.select("of", "value").iter_rows():
        one = next((one for one in told if one.of == of), Compared(of, 0, ""))
        whole = peers.in_order([*one.values, *([value] if value is not None else [])])
        read = asked[of][1] and peers.enough(framework.peers, one.others, value is not None)
        found.append(Compared(of, one.others, peers.values_hash(whole) if read else ""))
    return found


def _difference(said: Any, found: Any) -> Problem:
    """The first place at which two receipts differ."""
    place, one, other = next(_differences(said, found, ""), ("", "", ""))
    return _differs("the receipt says something else than the rows give", f"receipt.json: {place}", str(one), str(other)).problems[0]


def _differences(said: Any, found: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(said, dict) and isinstance(found, dict):
        for key in sorted(said.keys() | found.keys()):
            yield from _differences(said.get(key, "nothing"), found.get(key, "nothing"), f"{place}.{key}" if place else key)
    elif isinstance(said, list) and isinstance(found, list):
        for number in range(max(len(said), len(found))):
            one, other = (values[number] if number < len(values) else "nothing" for values in (said, found))
            about = one if isinstance(one, dict) else other if isinstance(other, dict) else {}
            name = about.get("node") or about.get("measure") or about.get("of") or str(number + 1)
            window = f"[{about['window']}]" if about.get("window") else ""
            yield from _differences(one, other, f"{place}: {name}{window}")
    elif said != found:
        yield place, said, found


def _differs(what: str, where: str, said: str, found: str) -> Refused:
    hint = "the bundle or its receipt was changed; ask for it anew"
    return Refused(Problem("receipt-not-reproduced", what, where, f"{found}, the receipt says {said}", hint))
