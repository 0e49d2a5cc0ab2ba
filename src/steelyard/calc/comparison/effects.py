"""What differing lines do to every other measure of the same facts: the distinct documents, the sales of one category, …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..formula.nodes import Name
from ..framework.model import Framework, Measure
from ..points import Reading
from .lines import Leaf, Ours
from .pairing import plain_key

Span = tuple[date, date]  # half-open
Reasons = Mapping[int, str]  # of rows that a measure leaves out: by which rule


@dataclass(frozen=True)
class Behind:
    """What is behind the lines of one measure: which readings hold its span, and which rows each measure leaves out."""

    measure: Measure
    spans: Mapping[Reading, Span]
    own: Reading
    excluded: Mapping[str, Reasons]  # measure -> its reasons

    def readings(self, framework: Framework) -> list[Reading]:
        """Every reading that the lines move."""
        first, last = self.spans[self.own]
        same = [reading for reading in self.spans if framework.measures[reading.measure].fact == self.measure.fact]
        return [reading for reading in same if self.spans[reading][0] < last and first < self.spans[reading][1]]

    def moves(self, framework: Framework, reading: Reading, reasons: Sequence[Sequence[Leaf]], ours: Sequence[Ours]) -> list[int] | None:
        """What each reason adds to a reading of a subject, in its grain; None where the lines do not tell.

        ``ours``: the subject's own rows of the period.
        """
        measure = framework.measures[reading.measure]
        first, last = self.spans[self.own]
        start, end = self.spans[reading]
        if not (start <= first and last <= end):
            return None
        if measure.name == self.measure.name:
            return [sum(leaf.amount for leaf in leaves) for leaves in reasons]
        if measure.once_per or measure.known_when or measure.date not in (None, self.measure.date):
            return None
        if measure.aggregate == "sum" and measure.value is not None and self.measure.value is not None:
            if measure.value.text != self.measure.value.text:
                return None
            return _added([[self._part(leaf, measure, leaf.amount) for leaf in leaves] for leaves in reasons])
        if measure.aggregate == "count":
            return _added([[self._part(leaf, measure, leaf.lines) for leaf in leaves] for leaves in reasons])
        if measure.aggregate == "count_distinct" and measure.value is not None and measure.value.tree == Name(0, "document"):
            return self._documents(measure, reasons, ours)
        return None

    def _part(self, leaf: Leaf, measure: Measure, amount: int) -> int | None:
        """What a leaf adds to another measure: all of it or nothing; None where its rows are not known."""
        rows = leaf.ours_rows or ((leaf.ours,) if leaf.ours is not None else ())
        if not rows:
            same = [rule.formula.text for rule in measure.where] == [rule.formula.text for rule in self.measure.where]
            return amount if same or not measure.where else None  # what they counted under these rules, they counted here too
        known = self.excluded.get(measure.name, {})
        holds = {known.get(row.row_id) in (None, row.reason) for row in rows}
        if len(holds) > 1:
            return None
        return amount if holds.pop() else 0

    def _documents(self, measure: Measure, reasons: Sequence[Sequence[Leaf]], ours: Sequence[Ours]) -> list[int] | None:
        """How many documents each reason adds: one counts while any of its lines does."""
        known = self.excluded.get(measure.name, {})
        lines = Counter(plain_key(row.document) for row in ours if row.inside and known.get(row.row_id) is None)
        steps: list[list[tuple[str, int]]] = []
        for leaves in reasons:
            steps.append([])
            for leaf in leaves:
                moved = self._part(leaf, measure, leaf.lines)
                if moved is None:
                    return None
                document = (leaf.ours.document if leaf.ours is not None else "") or (
                    leaf.theirs.document if leaf.theirs is not None else ""
                )
                steps[-1].append((plain_key(document), moved))
        for document, moved in (step for own in steps for step in own):
            lines[document] -= moved
        found = []
        for own in steps:
            before = sum(lines[document] > 0 for document in {document for document, _ in own})
            for document, moved in own:
                lines[document] += moved
            found.append(sum(lines[document] > 0 for document in {document for document, _ in own}) - before)
        return found


def _added(parts: list[list[int | None]]) -> list[int] | None:
    sums = []
    for own in parts:
        known = [part for part in own if part is not None]
        if len(known) < len(own):
            return None
        sums.append(sum(known))
    return sums
