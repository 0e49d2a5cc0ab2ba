"""A figure of a list opens down to its lines."""

from __future__ import annotations

import pytest

from steelyard.frameworks.actions import apply
from steelyard.scorecards import queries

TEXT = """
framework: documents
subject: partner
grain: quarter
currency: EUR
lists:
  documents:
    one_per: document
    columns:
      lines: {fact: orders, count: lines}
      value: {fact: orders, sum: amount}
    keep: [{rule: value > 0, reason: nothing left of it}]
measures:
  documents: {list: documents, count: lines}
  middle: {list: documents, median: value}
kpis:
  net_sales: {formula: documents, unit: count, no_data: zero}
  size: {formula: middle, unit: money, no_data: skip}
"""


@pytest.fixture
def documents(channel):
    apply(text=TEXT, acting_user=channel.people.carla)
    return channel


def test_a_figure_of_a_list_opens_down_to_its_lines(documents):
    told = queries.explain(documents.score("documents"), "ALP")
    evidence = {item.name: item for node in told.tree.walk() for item in node.evidence}
    lines = queries.rows_behind(told, evidence["documents"].selector)
    assert lines.select("document", "lines", "contribution", "reason").rows() == [("A1", 2, 1, None)]
    assert evidence["documents"].value == "1" and evidence["middle"].value == "140"
