"""Each number is said in its unit, and what having no data means is said of what a KPI is for."""

from __future__ import annotations

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.framework.wording.sentences import sentences

UNITS = """\
framework: units
subject: partner
grain: quarter
currency: EUR
settings: {share: 62.5%, least: 10000, wait: 14 days, pace: 1.5, plain: 3, edge: 0.05, goal: 0.08, both: 7, begun: 2026-01-01}
curves: {late: {bands: [{below: 0%, points: 40}, {from: 0%, points: 100}]}}
measures:
  sold: {fact: orders, sum: amount, where: [quantity > plain, date >= begun]}
  slow: {fact: complaints, median: closed_on - received_on}
kpis:
  sales: {formula: sold * pace, unit: money, no_data: zero}
  growth: {formula: 'sold / sold[last_year] - 1', unit: percent, target: goal, no_data: {if: sold < 1000 - least, then: skip}}
  answer: {formula: 'when(slow > wait, slow * both, slow)', unit: days, no_data: skip}
  people: {formula: slow / slow, unit: count, target: 0.5, no_data: skip}
scorecard: {combine: COMBINE, of: {a: {kpi: growth, points: late}, b: {kpi: answer, points: {line: [[1, 0], [9, 100]]}}}}
levels:
  - {name: A, require: []}
  - {name: B, require: [growth >= edge, growth < 0.5 * share, 25000 <= sales, people > both, growth > 0.04]}
"""


def said(language: str = "en", combine: str = "mean", text: str = UNITS) -> dict[str, str]:
    framework, problems = read(text.replace("COMBINE", combine))
    assert framework is not None, problems
    return {sentence.path: sentence.rest for sentence in sentences(framework, language)}


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("share", "62.5 %.", "62,5 %."),  # as written
        ("least", "10,000 EUR.", "10.000 EUR."),  # beside money
        ("wait", "14 days.", "14 Tage."),
        ("pace", "1.5 times.", "Das 1,5-Fache."),  # something is multiplied by it
        ("plain", "3.", "3."),
        ("edge", "5 %.", "5 %."),  # beside a percentage
        ("goal", "8 %.", "8 %."),  # the target of one
        ("both", "7.", "7."),  # used for two kinds of number, so that neither can be said
        ("begun", "1 January 2026.", "1. Januar 2026."),
    ],
)
def test_a_setting_is_said_in_the_unit_it_is_used_in(name, english, german):
    assert said()[f"settings.{name}"] == english
    assert said("de")[f"settings.{name}"] == german


def test_a_bare_number_is_said_in_the_unit_of_what_it_is_compared_with():
    assert said()["levels.B"].endswith("25,000 EUR is at most sales. People is more than both. Growth is more than 4 %.")
    assert "Growth ist mehr als 4 %" in said("de")["levels.B"]


def test_a_curve_is_said_in_the_unit_it_is_read_at():
    assert said()["curves.late"] == "Below 0 %: 40 points. From 0 %: 100 points."
    assert said(text=UNITS.replace("points: late", "points: {line: [[1, 0], [2, 100]]}"))["curves.late"].startswith("Below 0:")


@pytest.mark.parametrize(
    ("combine", "path", "words"),
    [
        ("mean", "kpis.answer", "it is not scored and its weight goes to the other items."),
        ("sum", "kpis.answer", "it is not scored and its points are shared out to the other items."),
        ("best", "kpis.answer", "it is not scored, and nothing takes its place."),
        ("mean, missing: zero", "kpis.answer", "it is not scored, and nothing takes its place."),
        ("mean", "kpis.people", "it has no value."),  # a level reads it, and no part of the scorecard
        ("mean", "kpis.sales", "it has no value."),
    ],
)
def test_what_no_data_means_depends_on_what_the_kpi_is_for(combine, path, words):
    assert said("en", combine)[path].endswith(f"Without data, {words}")
