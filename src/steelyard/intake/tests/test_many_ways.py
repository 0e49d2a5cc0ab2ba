"""Whatever files come, in any order - new, corrected, overlapping, replacing, repeated, undone, replayed: a plain model says what counts.

The model keeps for each key the statements that batches made about it. What counts is the last one of a batch not undone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.intake import actions, mappings
from steelyard.intake.models import Batch
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.ledger.tests.test_invariants import an_empty_ledger
from steelyard.ledger.verify import verify
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db
HEADER = "document,line,date,party,amount,currency\n"
SCOPES = {"lines": "scope: lines", "replaces": "scope: {replaces: [source, period]}"}
MAPPINGS = {scope: mappings.read_mapping(f"kind: orders\nnegatives: allowed\n{text}\n")[0] for scope, text in SCOPES.items()}

row = st.tuples(st.sampled_from("ABCD"), st.integers(1, 4), st.integers(-2, 3))  # document, day of March, amount
broken = st.just(("Z", 99, 1))  # there is no such day
clean = st.lists(row, min_size=1, max_size=3, unique_by=lambda one: one[0])
messy = st.lists(st.one_of(row, broken), min_size=1, max_size=4)  # rows that conflict, and such as cannot be read
files = st.sampled_from([clean, clean, clean, messy]).flatmap(lambda kind: kind)
steps = st.one_of(
    st.tuples(st.just("file"), st.tuples(files, st.sampled_from(sorted(SCOPES)), st.sampled_from(["erp", "erp", "shop"]))),
    st.tuples(st.sampled_from(["undo", "replay", "again"]), st.integers(0, 5)),
)


@dataclass
class Model:
    """What must count. ``sent``: batch -> what was sent; ``repeated``: batches with rows that were known already."""

    statements: dict[tuple[str, str], list[tuple[int, tuple[int, int] | None]]] = field(default_factory=dict)
    sent: dict[int, tuple] = field(default_factory=dict)
    undone: dict[int, int] = field(default_factory=dict)  # batch -> newest batch when it was taken back
    lost: dict[int, set] = field(default_factory=dict)  # batch -> keys of which it had the last word when it was taken back
    repeated: set[int] = field(default_factory=set)

    def last(self, key):
        """The batch that has the last word about a key, and its word."""
        valid = [(batch, said) for batch, said in self.statements.get(key, []) if batch not in self.undone]
        return valid[-1] if valid else (0, None)

    def now(self, key):
        return self.last(key)[1]

    def standing(self):
        return sorted((*key, *self.now(key)) for key in self.statements if self.now(key) is not None)

    def say(self, batch, key, said):
        if self.now(key) != said:
            self.statements.setdefault(key, []).append((batch, said))

    def known(self, what):
        """The first and the last batch that stand for the same bytes, read in the same way."""
        same = [batch for batch, sent in self.sent.items() if sent == what]
        standing = [batch for batch in same if batch not in self.undone]
        if not standing or any(batch < standing[-1] <= self.undone.get(batch, 0) for batch in same):
            return None
        return standing[0], standing[-1]

    def take_again(self, what, first, last):
        """The batch of the same bytes posts what they told as known already and an undone batch had told: unless newer word stands."""
        rows, _, source = what
        lost = [batch for batch, newest in self.undone.items() if newest >= last and self.sent[batch][2] == source]
        if last not in self.repeated:
            return []
        said = {document: {one for one in rows if one[0] == document} for document, _, _ in rows if document != "Z"}
        told = {document: next(iter(ones))[1:] for document, ones in said.items() if len(ones) == 1}
        mine = [key for key in ((source, document) for document in told) if any(key in self.lost[batch] for batch in lost)]
        return [(key, told[key[1]]) for key in mine if self.last(key)[0] <= first and self.now(key) != told[key[1]]]

    def take(self, batch, what):
        rows, scope, source = what
        self.sent[batch] = what
        good = [one for one in rows if one[0] != "Z"]
        said = {document: {one for one in good if one[0] == document} for document, _, _ in good}
        conflicts = any(len(ones) > 1 for ones in said.values())
        replaced = []
        if scope == "replaces" and good and len(good) == len(rows) and not conflicts:
            first, last = min(day for _, day, _ in good), max(day for _, day, _ in good)
            replaced = [one for one in self.standing() if one[0] == source and first <= one[2] <= last and one[1] not in said]
        for document, ones in said.items():
            if len(ones) == 1:
                _, day, amount = next(iter(ones))
                self.say(batch, (source, document), (day, amount))
        for gone in replaced:
            self.say(batch, (source, gone[1]), None)


def text_of(rows):
    return HEADER + "".join(f"{document},1,2026-03-{day:02d},P,{amount},EUR\n" for document, day, amount in rows)


def standing():
    """What the ledger says: source, document, day, amount."""
    facts = ledger.facts("orders", scope=EVERYTHING, columns=["source", "document", "date", "amount", "sign"]).collect()
    net = facts.group_by("source", "document", "date", "amount").agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") != 0)
    assert net["sign"].to_list() == [1] * net.height
    return sorted((source, document, day.day, amount // 10_000) for source, document, day, amount in net.drop("sign").iter_rows())


def total():
    return sum(amount for *_, amount in standing())


def send(model, what, user):
    rows, scope, source = what
    given_ = {"name": "f.csv", "kind": "orders", "source": source, "mapping": MAPPINGS[scope], "acting_user": user}
    data, before = text_of(rows).encode(), total()
    seen, done = actions.preview(data, **given_), actions.commit(data, **given_)
    told = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "reversed", "amounts")
    assert [getattr(seen, name) for name in told] == [getattr(done, name) for name in told]
    hear(model, what, done)
    change = seen.difference.money.get("EUR", {}).get("change", 0) if seen.difference else 0
    assert change == (total() - before) * 10_000  # what was shown first is what happened


def hear(model, what, done):
    """What the model makes of a file that was taken in."""
    known = model.known(what)
    posted = model.take_again(what, *known) if known else []
    if known and not posted:
        assert (done.already, done.accepted, done.reversed) == (known[1], 0, 0)
        return
    for key, said in posted:
        model.say(done.batch, key, said)
    if known:
        model.sent[done.batch] = what
    else:
        model.take(done.batch, what)
    if done.duplicates:
        model.repeated.add(done.batch)


def apply(model, step, value, user):
    batches = list(model.sent)
    if step == "file":
        send(model, (tuple(value[0]), *value[1:]), user)
        return
    if value >= len(batches):
        return
    batch = batches[value]
    if step == "again":
        send(model, model.sent[batch], user)
    elif batch in model.undone:
        with pytest.raises(Refused):
            (actions.undo if step == "undo" else actions.replay)(batch, acting_user=user)
    elif step == "undo":
        actions.undo(batch, acting_user=user)
        model.lost[batch] = {key for key in model.statements if model.last(key)[0] == batch and model.now(key) is not None}
        model.undone[batch] = max(model.sent)
    else:
        hear(model, model.sent[batch], actions.replay(batch, acting_user=user))


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=4, max_size=9))
def test_what_counts_is_what_a_plain_model_says(settings, cast, todo):
    with an_empty_ledger(settings):
        Batch.objects.all().delete()
        model = Model()
        for step, value in todo:
            apply(model, step, value, cast.anna)
            assert standing() == model.standing()
        assert verify().problems == []


def test_the_middle_one_of_three_is_undone_and_the_same_bytes_come_again(settings, cast):
    with an_empty_ledger(settings):
        model, one, two, three = Model(), [("A", 1, 1), ("B", 1, 1)], [("A", 1, 2), ("C", 2, 2)], [("A", 1, 3)]
        for rows in (one, two, three):
            send(model, (tuple(rows), "lines", "erp"), cast.anna)
        middle = list(model.sent)[1]
        apply(model, "undo", 1, cast.anna)
        assert standing() == model.standing() == [("erp", "A", 1, 3), ("erp", "B", 1, 1)]
        apply(model, "undo", 2, cast.anna)
        assert standing() == model.standing() == [("erp", "A", 1, 1), ("erp", "B", 1, 1)]
        apply(model, "again", 1, cast.anna)
        assert list(model.sent)[-1] != middle
        assert standing() == model.standing() == [("erp", "A", 1, 2), ("erp", "B", 1, 1), ("erp", "C", 2, 2)]


def test_what_a_newer_file_took_out_does_not_come_back_with_an_older_one(settings, cast):
    """Only what the undoing itself took away is told again by a file that had repeated it."""
    with an_empty_ledger(settings):
        model = Model()
        for rows, scope in (([("A", 1, 1), ("B", 1, 1)], "lines"), ([("A", 1, 2), ("B", 1, 1)], "lines"), ([("B", 1, 1)], "replaces")):
            send(model, (tuple(rows), scope, "erp"), cast.anna)
            assert standing() == model.standing()
        for step, value in (("undo", 0), ("again", 1), ("replay", 1)):
            apply(model, step, value, cast.anna)
            assert standing() == model.standing()
