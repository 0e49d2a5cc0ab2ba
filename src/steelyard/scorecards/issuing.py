"""The receipts of a run: written when it is saved, and written again from what is stored to see whether anything changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q

from steelyard.calc.errors import Missing, Problem
from steelyard.calc.lists.planning import has_peers
from steelyard.calc.over_time.needs import attributes_read
from steelyard.calc.receipts import peers
from steelyard.calc.receipts.document import RESULT, SEPARATOR, documents, number_of, total_hash, whole
from steelyard.calc.receipts.earlier import attributes_told
from steelyard.calc.receipts.readings import readings_frame
from steelyard.frameworks.queries import framework as framework_of

from . import stored
from .earlier import Read
from .models import Result, RolledUp, Run
from .scoring import Scored, cube_of, subjects_of

_SAID = tuple(RESULT.values())
_COLUMNS = tuple(RESULT)


def head_of(run: Run) -> dict[str, Any]:
    """What every receipt of a run begins with: what the run rests on."""
    return {
        "id": run.run_id,
        "framework": run.framework.code,
        "period": run.period,
        "start": run.period_start.isoformat(),
        "end": run.period_end.isoformat(),
        "known_through": None if run.known_through is None else run.known_through.isoformat(),
        "cut": run.cut,
        "inputs": dict(run.inputs),
        **({"earlier": list(run.earlier)} if run.earlier else {}),
    }


@dataclass(frozen=True, slots=True)
class Frames:
    """What a run keeps of everybody."""

    items: pl.DataFrame
    readings: pl.DataFrame
    peers: pl.DataFrame  # what everybody was compared with


def frames_of(scored: Scored) -> Frames:
    """The frames of a run that was just computed."""
    framework, points = scored.inputs.framework, scored.points
    names = [SEPARATOR.join(codes) for codes in points.subjects]
    cube = cube_of(scored.inputs) if has_peers(framework, framework.lists) else None
    compared = peers.peers_frame(framework, points, scored.readings, scored.cards.kpis, names, cube)
    return Frames(scored.cards.items_frame(), readings_frame(points, scored.readings), compared)


def issue(run: Run, scored: Scored, frames: Frames) -> dict[str, str]:
    """The number of every subject's receipt, from a run that was just computed."""
    framework = scored.inputs.framework
    rows = scored.cards.results()
    names = rows.select(pl.concat_str(list(framework.subject), separator=SEPARATOR)).to_series().to_list()
    results = {name: dict(zip(_SAID, row, strict=True)) for name, row in zip(names, rows.select(_COLUMNS).iter_rows(), strict=True)}
    told = peers.told(framework, frames.peers)
    written = documents(head_of(run), framework.subject, frames.items, frames.readings, results, told, earlier_of(run))
    return {subject: number_of(text) for subject, text in written}


def issue_wholes(run: Run, scored: Scored, receipts: Mapping[str, str]) -> list[RolledUp]:
    """What the cards of parts make together, where the framework rolls them up: one row for each subject, with its receipt."""
    found = []
    for one in scored.cards.rolled_up():
        row = RolledUp(subject=one.subject, level=one.level, parts=[[SEPARATOR.join(part), level] for part, level in one.parts])
        row.receipt = number_of(whole_text(run, row, receipts))
        found.append(row)
    return found


def whole_text(run: Run, row: RolledUp, receipts: Mapping[str, str]) -> str:
    """The receipt of a whole. ``receipts``: the numbers of its parts."""
    rules = framework_of(run.framework).rollup
    return whole(head_of(run), {rules.to if rules else "": row.subject}, row.level, [(name, level) for name, level in row.parts], receipts)


def numbers(receipts: Mapping[str, str], wholes: Iterable[RolledUp]) -> list[tuple[str, str]]:
    """Every receipt of a run by what it is of, a whole apart from a subject of the same name."""
    return [*receipts.items(), *((f"\x1e{one.subject}", one.receipt) for one in wholes if one.receipt)]


def text_of(run: Run, subject: str) -> str:
    """The receipt of one subject, written from what is stored: "" if its items are gone; `Missing` if it was not scored."""
    framework, row = framework_of(run.framework), Result.objects.filter(run=run, subject=subject).values(*_SAID).first()
    if row is None:
        raise Missing
    told = {subject: peers.told(framework, compared_in(run)).get(subject, [])} if run.peers_sha256 else {}
    items, readings = stored.anew(run, subject), stored.readings_anew(run, subject)
    written = documents(head_of(run), framework.subject, items, readings, {subject: row}, told, earlier_of(run, subject))
    return next((text for _, text in written), "")


def earlier_of(run: Run, subject: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """For every subject, or for one, the earlier receipts that its result rests on, period by period; blank where it had none.
    With the attributes that it had then, where the framework reads any."""
    reads = [Read.of(one) for one in run.earlier]
    periods = {one.start: one.period for one in sorted(reads, key=lambda one: one.start)}
    reads = [one for one in reads if subject is None or one.subject in ("", subject)]
    whole, single = {one.run_id for one in reads if not one.subject}, [one for one in reads if one.subject]
    wanted = Q(run__run_id__in=whole)
    if single:
        wanted |= Q(run__run_id__in={one.run_id for one in single}, subject__in={one.subject for one in single})
    kept = Result.objects.filter(wanted) if subject is None else Result.objects.filter(wanted, subject=subject)
    numbers: dict[str, dict[str, str]] = {}
    for run_id, name, receipt in kept.values_list("run__run_id", "subject", "receipt"):
        numbers.setdefault(run_id, {})[name] = receipt
    then = _attributes_then(run, numbers)
    alone = {(one.start, one.subject): one.run_id for one in reads}

    def told(start: date, subject: str) -> dict[str, Any]:
        name = alone.get((start, subject)) or alone.get((start, ""), "")
        number, attributes = numbers.get(name, {}).get(subject, ""), then.get(name, {}).get(subject)
        return {"period": periods[start], "receipt": number, **({"attributes": attributes} if number and attributes else {})}

    subjects = {subject for found in numbers.values() for subject in found}
    nobody = {"": [{"period": period, "receipt": ""} for period in periods.values()]} if periods else {}
    return {subject: [told(start, subject) for start in periods] for subject in subjects} | nobody


def _attributes_then(run: Run, names: Iterable[str]) -> dict[str, dict[str, Mapping[str, object]]]:
    """What a framework reads of the attributes that every subject had in earlier runs, by name of the run and subject."""
    framework, found = framework_of(run.framework), {}
    if attributes_read(framework):
        for kept in Run.objects.select_related("framework").filter(run_id__in=names):
            points = subjects_of(kept, framework)
            told = (attributes_told(framework, points, place) for place in range(len(points)))
            found[kept.run_id] = dict(zip(map(SEPARATOR.join, points.subjects), told, strict=True))
    return found


def compared_in(run: Run) -> pl.DataFrame:
    """What everybody was compared with, from the file of a run; `Refused` if it was altered."""
    return stored.peers(run) if run.peers_sha256 else pl.DataFrame(schema=peers.SCHEMA)


def check(run: Run) -> list[Problem]:
    """Write every receipt of a run again; whose does not come out the same, or whose run says something else."""
    rows = {row.pop("subject"): row for row in Result.objects.filter(run=run).values("subject", "receipt", *_SAID)}
    said = {subject: row.pop("receipt") for subject, row in rows.items()}
    where = f"{run.framework.code} {run.period} at cut {run.cut}"
    found: list[Problem] = []
    wholes = list(run.rolled_up.all())
    if total_hash(numbers(said, wholes)) != run.receipts_sha256:
        found.append(Problem("receipts-altered", "the receipts of a run are not those that were issued", where=where, hint=_HINT))
    try:
        written = {subject: number_of(text) for subject, text in _texts(run, rows)}
    except (OSError, pl.exceptions.PolarsError) as error:
        return [*found, Problem("receipts-unreadable", "the files of a run cannot be read", where, str(error), _HINT)]
    wrong = sorted(subject for subject in said.keys() | written.keys() if said.get(subject) != written.get(subject))
    for one in wholes:
        levels = [[name, rows[name]["level"] if name in rows else None] for name, _ in one.parts]
        if one.receipt and (number_of(whole_text(run, one, written)) != one.receipt or levels != one.parts):
            wrong.append(f"{one.subject} (whole)")
            said[wrong[-1]] = one.receipt
    found += [
        Problem("receipt-differs", "a result is not what its receipt says", f"{where}, {subject}", said.get(subject, "no receipt"), _HINT)
        for subject in wrong
    ]
    return found


_HINT = "restore the files and the database from the newest backup that verifies"


def _texts(run: Run, results: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """All receipts of a run from its files and rows; an item without a row is nobody's result."""
    framework = framework_of(run.framework)
    items, readings = stored.whole(run.items_path), stored.whole(run.readings_path)
    told = peers.told(framework, stored.whole(run.peers_path)) if run.peers_sha256 else {}
    name = pl.concat_str(list(framework.subject), separator=SEPARATOR)
    items = items.filter(name.is_in(list(results)))
    return documents(head_of(run), framework.subject, items, readings, results, told, earlier_of(run))
