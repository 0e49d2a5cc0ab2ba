"""A quarter of the cast's channel: its orders, its rate, its frameworks, and `Channel`, which tells the stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from steelyard.calc.units import to_text
from steelyard.company import actions as company
from steelyard.frameworks.actions import apply
from steelyard.ledger import actions as ledger
from steelyard.masters.actions import Actions
from steelyard.partners.masters import EVERY
from steelyard.scorecards import actions, files, queries
from tests.cast import level_vectors

LINES = [  # document, line, party, date, product, amount, currency
    ("A0", "1", "ALP", "2012-08-01", "REA-1", "20", "EUR"),
    ("A1", "1", "ALP", "2012-10-05", "ANA-1", "100", "EUR"),
    ("A1", "2", "ALP", "2012-10-05", "REA-1", "40", "EUR"),
    ("B1", "1", "BOR", "2012-11-10", "REA-2", "60", "USD"),
    ("X1", "1", "4711", "2012-12-03", "REA-1", "30", "EUR"),  # a party that nobody knows
    ("C1", "1", "CAS", "2012-12-31", "ANA-1", "10", "EUR"),
]

HEAD = """framework: {subject}
title: By {subject}
subject: {subject}
grain: quarter
currency: EUR
convert: {{policy: line date, rates: ecb}}
measures:
  sales: {{fact: orders, sum: amount}}
  systems: {{fact: orders, sum: amount, where: [{{rule: category == "SYS", reason: not a system}}]}}
  orders: {{fact: orders, count_distinct: document}}
kpis:
  net_sales: {{formula: sales, unit: money, better: higher, no_data: zero}}
  system_sales: {{formula: systems, unit: money, better: higher, no_data: zero}}
  share: {{formula: systems / sales, unit: percent, better: higher, range: [0%, 100%], no_data: skip}}
  order_count: {{formula: orders, unit: count, better: higher, no_data: zero}}
  growth: {{formula: 'sales / sales[previous] - 1', unit: percent, better: higher, no_data: skip}}
scorecard:
  combine: mean
  of:
    volume: {{kpi: net_sales, weight: 2, points: {{line: [[0, 0], [200, 100]]}}}}
    mix: {{kpi: share, weight: 1, points: {{line: [[0%, 0], [100%, 100]]}}}}
    activity: {{kpi: order_count, weight: 1, points: {{line: [[0, 0], [4, 100]]}}}}
levels: [{{name: Bronze, require: []}}, {{name: Gold, require: [points >= 60]}}]
"""
VECTORS = level_vectors(Bronze=0, Gold=60)


def orders(*lines):
    """Order lines as the ledger takes them."""
    names = ("document", "line", "party", "date", "product", "amount", "currency")
    rows = [dict(zip(names, line, strict=True)) | {"source_row": number} for number, line in enumerate(lines, start=2)]
    return pl.DataFrame(rows).with_columns(pl.col("date").str.to_date(), (pl.col("amount").cast(pl.Decimal(18, 4)) * 10_000).cast(pl.Int64))


@dataclass
class Channel:
    """The people, and short words for what they do."""

    people: SimpleNamespace
    batch: int = 0

    def sell(self, *lines, source="erp"):
        self.batch += 1
        return ledger.post("orders", orders(*lines), source=source, batch=self.batch, acting_user=self.people.anna)

    def welcome(self, *codes):
        """Dealers in the north, known since always."""
        rows = [{"code": code, "name": f"Dealer {code}", "type": "dealer", "territory": "NORTH", "status": "active"} for code in codes]
        Actions(EVERY).load("partners", pl.DataFrame(rows), acting_user=self.people.anna)

    def score(self, framework="partner", period="2012-Q4", cut=None):
        return actions.run(framework=framework, period=period, acting_user=self.people.anna, cut=cut)

    def score_again(self, run):
        """The run computed once more: its files are gone, so that nothing can be looked up."""
        for path in (run.items_path, run.readings_path):
            (files.home() / path).unlink()
        again = self.score(run.framework.code, run.period, run.cut)
        assert again.run_id == run.run_id
        return again

    def publish(self, who, framework="partner", period="2012-Q4", **more):
        return actions.publish(framework=framework, period=period, acting_user=getattr(self.people, who), **more)


def content(run):
    """The bytes of a run's two files."""
    return tuple((files.home() / path).read_bytes() for path in (run.items_path, run.readings_path))


def figures(run, kpi="net_sales"):
    """Subject -> the KPI's value as people write it, of subjects that have one other than 0."""
    rows = queries.items(run).filter((pl.col("kpi") == kpi) & pl.col("value").is_not_null() & (pl.col("value") != 0))
    return {row[run.framework.code]: to_text(row["value"], row["unit"]).removesuffix(".00") for row in rows.iter_rows(named=True)}


@pytest.fixture
def channel(channel_cast) -> Channel:
    """The cast's channel with its orders, one rate and a framework for each subject."""
    company.add("rates", source="ecb", base="EUR", quote="USD", date=date(2012, 1, 1), rate="1.2", acting_user=channel_cast.anna)
    told = Channel(channel_cast)
    told.sell(*LINES)
    for subject in ("partner", "representative", "territory"):
        apply(text=HEAD.format(subject=subject), vectors=VECTORS, acting_user=channel_cast.carla)
    return told
