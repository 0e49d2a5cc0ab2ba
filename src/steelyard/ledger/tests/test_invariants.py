"""Whatever is posted, undone, replaced, received, sealed and compacted, in any order: every cut reads as a simple model says.

The model keeps for each key the statements made about it. What stands is the last statement of a batch that is not undone.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.ledger import actions, queries
from steelyard.ledger.scope import EVERYTHING
from steelyard.ledger.verify import verify
from tests.thoroughness import examples

from .test_posting import orders, standing

pytestmark = pytest.mark.django_db

documents = st.sampled_from("ABCD")
lines = st.dictionaries(documents, st.integers(1, 3), min_size=1)
steps = st.one_of(
    st.tuples(st.just("post"), lines),
    st.tuples(st.just("replace"), lines),
    st.tuples(st.just("receive"), st.tuples(documents, st.integers(1, 3))),
    st.tuples(st.just("undo"), st.integers(1, 6)),
    st.tuples(st.sampled_from(["seal", "compact"]), st.none()),
)
quick = settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Rollback(Exception):
    """Ends an example."""


@contextmanager
def an_empty_ledger(django_settings):
    """Each example starts from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        django_settings.STEELYARD_HOME = Path(folder)
        try:
            with transaction.atomic():
                yield
                raise Rollback
        except Rollback:
            pass


class Model:
    """Statements by key, in order: (batch, amount), or (batch, None) for a line that a file no longer holds."""

    def __init__(self) -> None:
        self.statements: dict[str, list[tuple[int, int | None]]] = {}
        self.undone: set[int] = set()
        self.snapshots: dict[int, list[tuple]] = {0: []}

    def now(self, document: str) -> int | None:
        standing_ones = [amount for batch, amount in self.statements.get(document, []) if batch not in self.undone]
        return standing_ones[-1] if standing_ones else None

    def say(self, batch: int, document: str, amount: int | None) -> None:
        if self.now(document) != amount:
            self.statements.setdefault(document, []).append((batch, amount))

    def rows(self) -> list[tuple]:
        return [(document, "1", self.now(document), 1) for document in sorted(self.statements) if self.now(document) is not None]


def apply(model: Model, step: str, value, batch: int) -> None:
    """The same step on the ledger and on the model."""
    if step in ("post", "replace"):
        frame = orders(*((document, "1", "p", 5, amount) for document, amount in value.items()))
        scope = actions.Replaces(date(2026, 1, 1), date(2026, 1, 31)) if step == "replace" else None
        actions.post("orders", frame, source="erp", batch=batch, acting_user="anna", replaces=scope)
        for document in model.statements.keys() - value.keys() if scope else ():
            model.say(batch, document, None)
        for document, amount in value.items():
            model.say(batch, document, amount)
    elif step == "receive":
        document, amount = value
        row = orders((document, "1", "p", 5, amount)).drop("source_row").to_dicts()[0]
        actions.receive("orders", row, source="erp", acting_user="till")
        actions.settle(acting_user="worker")
        model.say(0, document, amount)
    elif step == "undo":
        try:
            actions.reverse_batch(value, acting_user="anna")
        except Refused:
            return
        model.undone.add(value)
    else:
        getattr(actions, step)()


@given(st.lists(steps, max_size=10))
@quick
def test_every_cut_reads_as_the_model_says(settings, sequence):
    with an_empty_ledger(settings):
        model, batch = Model(), 0
        for step, value in sequence:
            batch += step in ("post", "replace")
            apply(model, step, value, batch)
            model.snapshots[queries.head()] = model.rows()
        for cut, expected in model.snapshots.items():
            assert standing(cut) == expected
        assert verify().problems == []


@given(st.lists(steps, max_size=6), st.data())
@quick
def test_sealing_and_compacting_change_no_frame(settings, sequence, data):
    with an_empty_ledger(settings):
        model, batch = Model(), 0
        for step, value in sequence:
            batch += step in ("post", "replace")
            apply(model, step, value, batch)
        before = [read(cut) for cut in range(queries.head() + 1)]
        for step in data.draw(st.lists(st.sampled_from([actions.seal, actions.compact]), min_size=1, max_size=3)):
            step()
        assert all(read(cut).equals(frame) for cut, frame in enumerate(before))


numbered = st.tuples(documents, st.integers(1, 4), st.integers(1, 9))


@given(st.lists(numbered, min_size=1, max_size=12, unique_by=lambda row: row[:2]), st.data())
@quick
def test_row_order_and_file_splitting_do_not_matter(settings, rows, data):
    lines = [(document, str(line), "p", 5, amount) for document, line, amount in rows]
    shuffled = data.draw(st.permutations(lines))
    at = data.draw(st.integers(0, len(lines)))
    results = []
    for files in ([lines], [shuffled], [shuffled[:at], shuffled[at:]]):
        with an_empty_ledger(settings):
            for batch, part in enumerate(files, start=1):
                actions.post("orders", orders(*part), source="erp", batch=batch, acting_user="anna")
            frame = queries.facts("orders", scope=EVERYTHING, columns=["key_hash", "content_hash", "document", "line", "amount"])
            results.append(frame.collect().sort("key_hash"))
    assert results[0].equals(results[1]) and results[0].equals(results[2])


def read(cut: int) -> pl.DataFrame:
    """Everything at a cut, in one order."""
    return queries.facts("orders", cut=cut, scope=EVERYTHING).sort("row_id").collect()
