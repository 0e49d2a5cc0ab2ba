"""A receipt verified: everything that a run says of itself is computed again from what lies in the database and the files."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from steelyard.calc.framework.document import fingerprint
from steelyard.calc.receipts.document import number_of
from steelyard.calc.units import to_text
from steelyard.ledger.queries import chain_hash

from . import files, issuing, stored
from .cards import Card
from .models import Result, Run
from .scoring import run_id_of


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was computed again: what the run says, what was found."""

    title: str
    meaning: str
    said: str
    found: str

    @property
    def holds(self) -> bool:
        """Whether both are the same."""
        return self.said == self.found


def checks(card: Card) -> list[Check]:
    """Every check of the run behind a card, and of its total."""
    run = card.run
    text = fingerprint(run.framework.text, run.framework.base_text)
    inputs = {str(name): str(value) for name, value in run.inputs.items()}
    return [
        Check(_("Receipt"), _("the hash over everything that this result rests on and says"), card.number, _number(card)),
        Check(
            _("Name of the run"),
            _("made from the framework, the calendar, the masters, the rates, the ledger and the cut"),
            run.run_id,
            run_id_of(run.period, run.period_start, run.period_end, run.cut, inputs),
        ),
        Check(
            _("Framework"),
            _("the text of the version that scored"),
            inputs.get("framework", ""),
            text,
        ),
        Check(_("Ledger"), _("the chain of all facts and histories up to the cut"), inputs.get("ledger", ""), chain_hash(run.cut)),
        _file(_("Items"), _("every figure of every scorecard"), run.items_path, run.items_sha256),
        _file(_("Readings"), _("what every measure said"), run.readings_path, run.readings_sha256),
        _total(card, run),
    ]


def _number(card: Card) -> str:
    text = issuing.text_of(card.run, card.subject) if card.number else ""
    return number_of(text) if text else ""


def _file(title: str, meaning: str, path: str, sha256: str) -> Check:
    problem = files.check(path, sha256)
    return Check(title, meaning, sha256, sha256 if problem is None else problem.found or problem.message)


def _total(card: Card, run: Run) -> Check:
    """The total in the lists is the one of the file, read anew and not from memory."""
    listed = Result.objects.filter(run=run, subject=card.subject).values_list("total", flat=True).first()
    rows = stored.anew(run, card.subject).to_dicts()
    found = [row["points"] for row in rows if row["kind"] == "total"]
    return Check(_("Score"), _("in the lists as in the file"), _points(listed), _points(found[0] if found else None))


def _points(total: object) -> str:
    return to_text(total, "points") if isinstance(total, int) else "–"
