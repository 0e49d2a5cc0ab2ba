"""A bundle computed again: both phases from its rows, by the rules of its framework, compared with its receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from .. import kpis, scorecards
from ..errors import Problem, Refused
from ..framework.document import fingerprint
from ..framework.model import Framework
from ..framework.read import read as read_framework
from ..framework.regions import base_of
from ..measures.plan import ENGINE
from ..over_time import Moment, Past
from ..over_time.anew import computed as computed_anew
from ..over_time.anew import with_days
from ..over_time.needs import since
from ..periods import Period
from ..periods.days import ONE_DAY
from ..points import Points, Reading, ReadingColumn
from ..subjects import as_of
from . import bundle as bundles
from . import peers
from .alone import Alone
from .document import FORMAT, RESULT, SEPARATOR, canonical, documents, number_of
from .earlier import moment_of
from .peers import Compared
from .readings import readings_frame


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
    subject = SEPARATOR.join(_codes(said, framework))
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


def _codes(said: Mapping[str, Any], framework: Framework) -> tuple[str, ...]:
    """The subject's codes in the framework's order: a receipt writes its keys in that of the alphabet."""
    return tuple(said["subject"].get(name, "") for name in framework.subject)


def computed(bundle: bundles.Bundle, said: Mapping[str, Any], framework: Framework) -> str:
    """The receipt as it comes out of the rows of a bundle."""
    run, codes = said["run"], _codes(said, framework)
    period = bundle.calendar.period(run["period"])
    if (period.start.isoformat(), period.end.isoformat()) != (run["start"], run["end"]):
        raise _differs("the period is another one in this calendar", "receipt.json: run.start", run["start"], period.start.isoformat())
    known_through = None if run["known_through"] is None else date.fromisoformat(run["known_through"])
    alone = Alone(bundle, framework, codes)
    points = alone.subjects(as_of(period.start, period.end, known_through))
    points = points.take(kpis.applicable(framework, points))
    if not len(points):
        raise _differs("the subject is not scored by these rules", "receipt.json: subject", SEPARATOR.join(codes), "nobody")
    readings = alone.read(points)
    past = _past(alone, said, period, points.as_of[0])
    values = kpis.compute(framework, points, readings, past=past, absent=alone.absent())
    cards = scorecards.compute(framework, points, values, readings, past=past)
    result = cards.results().row(0, named=True)
    results = {SEPARATOR.join(codes): {name: result[column] for column, name in RESULT.items()}}
    told = {SEPARATOR.join(codes): _compared(alone, points, readings, values)}
    earlier = {"": said["earlier"]} if said.get("earlier") else None
    written = documents(run, framework.subject, cards.items_frame(), readings_frame(points, readings), results, told, earlier)
    return next((text for _, text in written), canonical({}))


def _past(alone: Alone, said: Mapping[str, Any], now: Period, day: date) -> Past | None:
    """The earlier results that are read: from the subject's own receipts, or computed now, as the framework has it."""
    bundle, framework = alone.bundle, alone.framework
    if since(framework, day, bundle.calendar) is None:
        return None
    days = json.dumps({name: list(map(str, days)) for name, days in bundle.cycles.items()}).encode()
    if bundle.cycles and said["run"]["inputs"].get("review days") != hashlib.sha256(days).hexdigest():
        raise _differs("the review days are not those of the receipt", "review_days.json", "others", "these")
    if framework.earlier == "as published":
        past = Past(framework, tuple(_published(alone, said, now)), bundle.calendar, cycles=bundle.cycles)
    else:
        past = computed_anew(alone, now, bundle.cycles)
    return with_days(past, alone, day)


def _published(alone: Alone, said: Mapping[str, Any], now: Period) -> Iterator[Moment]:
    """A moment for every period since the first that is read, from the receipts that this one names."""
    bundle, framework = alone.bundle, alone.framework
    texts = {number_of(text): text for text in bundle.earlier}
    named = {one["period"]: one for one in said.get("earlier", ())}
    numbers = [one["receipt"] for one in named.values()]
    if {number for number in numbers if number} != set(texts):
        raise _differs("the earlier receipts are not those that this one names", "earlier", ", ".join(numbers), ", ".join(texts))
    start = min((bundle.calendar.period(label).start for label in named), default=now.start)
    for period in bundle.calendar.periods(framework.grain, start, now.start - ONE_DAY):
        one = named.get(period.label)
        if one is None or not one["receipt"]:
            yield Moment(period.as_of)
        else:
            told = bundles.parsed(texts[one["receipt"]], "earlier")
            yield moment_of(framework, alone.codes, period.as_of, told, one.get("attributes", {}))


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


def _compared(alone: Alone, points: Points, readings: Mapping[Reading, ReadingColumn], values: Any) -> list[Compared]:
    """The comparisons as the receipt tells of them: with the subject's own value among the others'."""
    framework, told = alone.framework, {one.of: one for one in alone.bundle.peers}
    own = peers.peers_frame(framework, points, readings, values, ["own"], alone.cube)
    found = []
    for of, value, least in own.select("of", "value", "least").iter_rows():
        one = told.get(of) or Compared(of, 0, "")
        whole = peers.in_order([*one.values, *([value] if value is not None else [])])
        read = one.others >= peers.LEAST_TOLD and peers.enough(framework.peers, least, one.others, value is not None)
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
