"""Reading workflows, the steps a record took and its signatures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from steelyard.accounts.permissions import may
from steelyard.calc.errors import Problem

from .models import Signature, Step, Transition
from .signing import seal
from .workflows import Rule, Workflow, declared


def workflow(name: str) -> Workflow:
    """The company's own table of this workflow, else the one that is shipped."""
    shipped = declared(name)
    own = tuple(
        Rule(row.state, row.verb, row.to, row.permission, row.second_person, row.signed, row.reason_needed, row.meaning)
        for row in Transition.objects.filter(workflow=name)
    )
    return Workflow(name, shipped.first, shipped.makes, own) if own else shipped


@dataclass(frozen=True)
class Told:
    """One step as a page shows it; ``signature`` None where none was asked for."""

    number: int
    verb: str
    state: str
    to: str
    by: str
    name: str
    at: datetime
    reason: str
    meaning: str
    seal: str
    version_hash: str


def steps(record: str) -> list[Told]:
    """What happened to a record, oldest first."""
    return steps_of([record]).get(record, [])


def steps_of(records: Iterable[str]) -> dict[str, list[Told]]:
    """The same of many records with one read."""
    found: dict[str, list[Told]] = {}
    rows = Step.objects.filter(record__in=list(records)).select_related("signature")
    for row in rows:
        signed: Any = getattr(row, "signature", None)
        found.setdefault(row.record, []).append(
            Told(
                row.number,
                row.verb,
                row.state,
                row.to,
                row.made_by,
                row.made_by_name,
                row.made_at,
                row.reason,
                signed.meaning if signed else "",
                signed.seal if signed else "",
                row.version_hash,
            )
        )
    return found


def makers(record: str, makes: str) -> set[str]:
    """Everybody who ever put this record up for decision: none of them is its second person."""
    return set(Step.objects.filter(record=record, verb=makes).values_list("made_by", flat=True))


def open_to(name: str, record: str, state: str, user: Any, worked_on_by: Collection[str] = ()) -> list[Rule]:
    """The steps this person may take now; ``worked_on_by`` as for `actions.take`."""
    table = workflow(name)
    rules = [rule for rule in table.rules if rule.state == state and may(user, rule.permission)]
    if not any(rule.second_person for rule in rules):
        return rules
    made = makers(record, table.makes) | set(worked_on_by)
    return [rule for rule in rules if not (rule.second_person and user.username in made)]


def check_signatures() -> tuple[list[Problem], int]:
    """What is wrong with signatures, and how many were looked at: each must seal its own step, and no other."""
    found: list[Problem] = []
    rows = list(Signature.objects.select_related("step"))
    for row in rows:
        step = row.step
        expected = seal(
            record=step.record,
            number=step.number,
            signer=row.signer,
            name=row.name,
            signed_at=row.signed_at.astimezone(UTC),
            meaning=row.meaning,
            version=row.version_hash,
        )
        agrees = (row.record, row.signer, row.version_hash) == (step.record, step.made_by, step.version_hash)
        if row.seal != expected or not agrees:
            message = "a signature does not belong to the record it stands at"
            found.append(Problem("signature-altered", message, where=f"{row.record} signature {row.pk}", found=row.seal[:12]))
    return found, len(rows)
