"""Take the sample company's files in through the ordinary intake: masters first, then facts, in the manifest's order."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from steelyard.calc.errors import Refused
from steelyard.company import actions as company
from steelyard.intake import actions as intake
from steelyard.intake.mappings import Mapping, read_mapping
from steelyard.intake.outcome import Outcome

from . import atlas

if TYPE_CHECKING:
    from steelyard.accounts.models import User

Progress = Callable[[str, int, int], None]  # the file that comes next, files done, files in all


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the intake said of every file, and how long it took."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)  # path within the folder -> outcome
    seconds: float = 0.0

    def of_kind(self, kind: str) -> list[Outcome]:
        """The outcomes of one kind of data."""
        return [outcome for outcome in self.outcomes.values() if outcome.kind == kind]

    def total(self, bucket: str, kind: str | None = None) -> int:
        """Rows in one bucket (``accepted``, ``duplicates``, ``quarantined``, ...) over all files or those of a kind."""
        chosen = self.outcomes.values() if kind is None else self.of_kind(kind)
        return sum(getattr(outcome, bucket) for outcome in chosen)


def load(folder: Path, *, acting_user: User, progress: Progress = lambda path, done, files: None) -> Loaded:
    """Load a folder that `generate.write` made; loading it again adds nothing. Refused with the name of a broken file."""
    started = time.monotonic()
    company.set_up(acting_user=acting_user, name=atlas.COMPANY, reporting_currency=atlas.CURRENCY)
    rows = list(_manifest(folder))
    known: dict[str, Mapping] = {}
    outcomes: dict[str, Outcome] = {}
    for done, row in enumerate(rows):
        path = row["path"]
        progress(path, done, len(rows))
        mapping = known.setdefault(row["mapping"], _mapping(folder / row["mapping"]))
        content = (folder / path).read_bytes()
        outcomes[path] = intake.commit(
            content, name=Path(path).name, kind=row["kind"], source=row["source"], mapping=mapping, acting_user=acting_user
        )
    progress("", len(rows), len(rows))
    return Loaded(outcomes, time.monotonic() - started)


def _manifest(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _mapping(path: Path) -> Mapping:
    mapping, problems = read_mapping(path.read_text(encoding="utf-8"))
    if mapping is None:
        raise Refused(problems)
    return mapping
