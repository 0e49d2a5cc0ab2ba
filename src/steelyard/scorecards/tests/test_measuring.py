"""Scores come out the same with everything kept, with nothing kept, and when only touched subjects are measured again."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from steelyard.frameworks.queries import parse
from steelyard.ledger import actions as ledger
from steelyard.ledger.queries import head
from steelyard.masters.actions import Actions
from steelyard.partners.masters import EVERY
from steelyard.scorecards import cache, measuring
from steelyard.scorecards.scoring import gather, score

TEXT = """framework: every
title: Every way of measuring
subject: {subject}
grain: quarter
currency: EUR
lists:
  documents:
    one_per: document
    columns: {{value: {{fact: orders, sum: amount}}, before: {{fact: orders, sum: amount, window: ttm}}}}
    keep: [{{rule: value > 0, reason: nothing left}}]
  dearest: {{fact: orders, window: all time, one_per: product, prefer: [highest amount]}}
measures:
  larger: {{list: documents, count: lines, where: value < before}}
  dearest: {{list: dearest, sum: amount}}
  sales: {{fact: orders, sum: amount, where: [{{rule: amount > 0, reason: a credit}}]}}
  documents: {{fact: orders, count_distinct: document, window: ttm}}
  middle: {{fact: orders, median: amount}}
  last_day: {{fact: orders, max: date, window: all time}}
  last_product: {{fact: orders, last: product, window: all time}}
  stock: {{fact: inventory, last: quantity, window: all time}}
  reported: {{fact: orders, sum: amount, known_when: {{report: orders, missing: 0}}}}
kpis:
  k1: {{formula: sales, unit: money, better: higher, no_data: zero}}
  k2: {{formula: 'sales[previous] / documents', unit: money, better: higher, no_data: zero}}
  k3: {{formula: middle, unit: money, better: higher, no_data: skip}}
  k4: {{formula: 'as_of - last_day', unit: days, better: lower, no_data: skip}}
  k5: {{formula: 'when(last_product == "REA-1", 1, 0)', unit: number, better: higher, no_data: skip}}
  k6: {{formula: stock, unit: number, better: higher, no_data: skip}}
  k7: {{formula: reported, unit: money, better: higher, no_data: skip}}
  k8: {{formula: 'larger - larger[previous]', unit: count, better: higher, no_data: skip}}
  k9: {{formula: dearest, unit: money, better: higher, no_data: skip}}
"""
PARTNERS = [f"P{number:02}" for number in range(30)]


@pytest.fixture
def many(channel_cast):
    """Thirty partners beside the cast's."""
    rows = {"code": PARTNERS, "name": PARTNERS, "type": ["dealer"] * 30, "territory": ["ALPS", "NORTH"] * 15, "status": ["active"] * 30}
    Actions(EVERY).load("partners", pl.DataFrame(rows), acting_user=channel_cast.anna)
    return channel_cast.anna


def line(random, number=None):
    day = date(2012, 1, 1) + timedelta(days=random.randrange(366))
    return {
        "document": f"D{random.randrange(60) if number is None else number}", "line": "1", "party": random.choice(PARTNERS), "date": day,
        "product": random.choice(["ANA-1", "REA-1", None]), "amount": random.randrange(-50, 200) * 10_000, "currency": "EUR",
    }  # fmt: skip


class Story:
    """Random changes to the ledger."""

    def __init__(self, anna, random):
        self.anna, self.random, self.batches = anna, random, []

    def post(self, count=3):
        kinds = {"orders": [line(self.random, number) for number in self.random.sample(range(60), count)]}
        if self.random.random() < 0.5:
            stock = {
                "party": self.random.choice(PARTNERS),
                "product": "REA-1",
                "date": date(2012, 9, self.random.randrange(1, 30)),
                "quantity": 5 * 10**6,
            }
            kinds["inventory"] = [stock]
        if self.random.random() < 0.3:
            report = {
                "report": "orders",
                "party": self.random.choice([*PARTNERS, None]),
                "date": date(2012, 10, 1),
                "until": date(2012, 12, 31),
            }
            kinds["coverage"] = [report]
        for kind, rows in kinds.items():
            self.batches.append(len(self.batches) + 1)
            frame = pl.DataFrame(rows).with_columns(source_row=pl.int_range(pl.len()) + 2)
            ledger.post(kind, frame, source="erp", batch=self.batches[-1], acting_user=self.anna)

    def receive(self):
        for _ in range(self.random.randrange(1, 4)):
            row = {name: value for name, value in line(self.random).items() if value is not None}
            ledger.receive("orders", row, source="erp", acting_user=self.anna)
        ledger.settle(acting_user=self.anna)

    def undo(self):
        if len(self.batches) > 2:
            ledger.reverse_batch(self.batches.pop(self.random.randrange(1, len(self.batches))), acting_user=self.anna)

    def seal(self):
        ledger.seal()

    def compact(self):
        ledger.compact()


def scored(subject, cut=None):
    framework = parse(TEXT.format(subject=subject))
    return score(gather(framework, "digest", "2012-Q4", cut)).cards.items_frame()


@pytest.mark.parametrize("seed", range(3))
def test_kept_figures_and_measuring_touched_subjects_only_change_nothing(many, monkeypatch, seed):
    random = Random(seed)
    story = Story(many, random)
    monkeypatch.setattr(measuring, "MOST_TOUCHED", random.choice([0.2, 1.0]))
    subject = ["partner", "representative", "territory"][seed]
    scored(subject)  # measured once while there is nothing at all
    for step in range(6):
        change = (
            story.post if step == 0 else getattr(story, random.choice(["post", "post", "receive", "receive", "undo", "seal", "compact"]))
        )
        change()
        kept = scored(subject)
        again = scored(subject)
        cache.clear()
        alone = scored(subject)
        assert kept.equals(alone), (step, change.__name__)
        assert again.equals(alone), (step, change.__name__)
        if random.random() < 0.7:
            scored(subject)


def test_the_cache_is_used_and_holds_no_more_than_a_convenience(many):
    story = Story(many, Random(7))
    story.post(20)
    scored("partner")
    kept = sorted(path.name for path in cache.folder().rglob("note.json"))
    assert kept
    cache.clear()
    assert not cache.folder().exists()


@pytest.mark.parametrize("rewrite", ["compact", "seal"])
def test_a_segment_that_holds_rows_after_the_cut_is_never_taken_for_what_was_known_at_it(many, rewrite):
    story = Story(many, Random(3))
    cuts = []
    for _ in range(3):
        story.receive() if rewrite == "seal" else story.post(8)
        cuts.append(head())
    alone = {cut: scored("partner", cut) for cut in cuts}
    assert not alone[cuts[0]].equals(alone[cuts[2]])
    cache.clear()
    getattr(story, rewrite)()
    for cut in (cuts[2], cuts[0], cuts[1]):
        assert scored("partner", cut).equals(alone[cut]), cut


def test_a_tail_of_many_lines_is_measured_for_touched_subjects_as_for_all(many, monkeypatch):
    monkeypatch.setattr(measuring, "MOST_TOUCHED", 1.0)
    story = Story(many, Random(11))
    story.post(40)
    scored("partner")
    for _ in range(6):
        story.receive()
    kept = scored("partner")
    cache.clear()
    assert kept.equals(scored("partner"))


OVER_TIME = """scorecard: {kpi: k1, points: {line: [[0, 0], [2000, 100]]}}
history: {smooth: 50%}
levels: [{name: Low, require: []}, {name: Mid, require: [overall >= 20]}, {name: High, require: [points >= 50]}]
standing: {start: Low, promote: quarterly, demote: [September]}
"""
COMPARED = """  compared:
    one_per: product
    columns: {value: {fact: orders, sum: amount}, usual: {formula: peer_mean(value)}}
measures:
  above: {list: compared, sum: value, where: value > usual}
"""


def test_what_is_kept_changes_nothing_of_history_standings_and_lines_compared_with_peers(many):
    text = TEXT.replace("framework: every", "framework: every\neffective: 2012-06-01\nearlier: as known now\npeers: {{least: 1}}")
    text = text.replace("measures:\n", COMPARED.replace("{", "{{").replace("}", "}}")).replace(
        "k9: {{formula: dearest", "k9: {{formula: dearest + above"
    )
    framework = parse(text.format(subject="partner") + OVER_TIME)
    story = Story(many, Random(5))
    for change in (story.post, story.receive):
        change()
        found = [score(gather(framework, "digest", "2012-Q4", None), cached=cached).cards.items_frame() for cached in (True, True, False)]
        assert found[0].equals(found[2]) and found[1].equals(found[2]), change.__name__
    assert found[0].filter(pl.col("kind") == "total")["notes"].str.contains("standing").all()
