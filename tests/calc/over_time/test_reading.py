"""What a framework says about time is read whole, and every mistake in it is told with its place and its remedy."""

# ruff: noqa: E501 (one row for each mistake)

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc.framework.model import Held, Rollup, Span, Turns, Window
from steelyard.calc.framework.read import read

WHOLE = """framework: timed
subject: partner x territory
grain: month
effective: 2026-01-01
windows: {half_year: last 6 months}
settings: {fade: 12}
measures:
  orders: {fact: orders, count: lines}
kpis:
  sold: {formula: orders, unit: count, no_data: {carry: 2}}
  more: {formula: 'sold - previous(sold)', unit: number}
scorecard: {kpi: sold, points: {line: [[0, 0], [100, 100]]}}
history: {periods: 12, weight: 'max(0, (fade - n) / fade)', round: 1}
levels:
  - {name: Basic, require: [overall >= 0]}
  - {name: Good, require: [overall >= 50, in_a_row(passes) >= 2], held: {for: 6 months}}
  - {name: Best, require: [points >= 90], held: {once_in: half_year}}
standing: {start: Basic, evaluate: monthly, promote: monthly, demote: [January, July], hold: 13 months, steps: 1, takes_effect: first day of next month}
rollup: {to: partner, level: highest, levels: [{name: Global, require: ['parts(level >= "Good" and region == "North") >= 2']}]}
triggers:
  - {name: recover, when: 'in_a_row(sold >= 1 and sold <= 9) >= 3', do: plan to recover, within: 30 days}
  - {name: look, when: 'count_true(sold < 5, half_year) > 1 or any_day(sold > 99, half_year) or more > 99', do: look, within: 2 months}
earlier: as known now
"""


def test_everything_about_time_is_read():
    framework, problems = read(WHOLE)
    assert framework is not None and not problems, [str(problem) for problem in problems]
    assert (framework.history.periods, framework.history.round, framework.history.smooth) == (12, 1, None)
    assert framework.levels[1].held == Held(lasting=Span(6, "months")) and framework.levels[2].held == Held(once_in=Window("month", 6))
    standing = framework.standing
    assert (standing.start, standing.hold, standing.steps) == ("Basic", Span(13, "months"), 1)
    assert (standing.demote, standing.takes_effect) == (Turns("months", (1, 7)), "first day of next month")
    assert isinstance(framework.rollup, Rollup) and framework.rollup.levels[0].name == "Global"
    assert [(trigger.name, trigger.do, trigger.within) for trigger in framework.triggers] == [
        ("recover", "plan to recover", Span(30, "days")),
        ("look", "look", Span(2, "months")),
    ]
    assert framework.earlier == "as known now" and framework.effective == date(2026, 1, 1)


def test_a_history_may_be_smoothed_and_a_calendar_may_be_a_review_cycle():
    text = WHOLE.replace("periods: 12, weight: 'max(0, (fade - n) / fade)'", "smooth: 30%").replace("[January, July]", "annual review")
    framework, problems = read(text.replace("settings: {fade: 12}\n", ""))
    assert framework is not None and not problems
    assert framework.history.smooth == Fraction(3, 10)
    assert framework.standing.demote == Turns("cycle", name="annual review")


MISTAKES = [
    ("weight: 'max(0, (fade - n) / fade)'", "smooth: 30%", "history-rule", "`smooth` looks one period back"),
    (", weight: 'max(0, (fade - n) / fade)'", ", round: 2", "history-rule", "neither"),
    ("periods: 12, ", "", "missing-key", "`history` needs `periods`"),
    ("max(0, (fade - n) / fade)", "fade - 2 * n", "weights", "12, 10, 8, 6, 4, 2, 0, -2"),
    ("max(0, (fade - n) / fade)", "0 * n", "weights", "no period has a weight above 0"),
    ("max(0, (fade - n) / fade)", "sold", "unknown-name", "`sold`"),
    ("periods: 12, weight: 'max(0, (fade - n) / fade)'", "smooth: 130%", "wrong-type", "above 0 and at most 100 %"),
    ("periods: 12", "period: 12", "unknown-key", "did you mean `periods`?"),
    ("start: Basic", "start: Bassic", "unknown-name", "did you mean `Basic`?"),
    ("start: Basic, ", "", "missing-key", "needs `start`"),
    ("promote: monthly", "promote: montly", "unknown-word", "did you mean `monthly`?"),
    ("[January, July]", "[Jan, July]", "unknown-word", "did you mean `January`?"),
    ("[January, July]", "jan", "unknown-word", "is not a calendar"),
    ("hold: 13 months", "hold: a year", "wrong-type", "takes a length of time"),
    ("hold: 13 months", "hold: 0 months", "wrong-type", "takes a length of time"),
    ("hold: 13 months", "hold: 101 years", "wrong-type", "takes a length of time"),
    ("held: {for: 6 months}", "held: {for: 2000 periods}", "wrong-type", "takes a length of time"),
    ("within: 2 months", "within: 9999 years", "wrong-type", "takes a length of time"),
    ("within: 2 months", "within: 2 periods", "wrong-type", "a number of days, months, quarters, years"),
    ("steps: 1", "steps: 0", "wrong-type", "whole number from 1"),
    ("first day of next month", "next month", "unknown-word", "first day of next month"),
    ("held: {for: 6 months}", "held: {for: 6 months, once_in: ttm}", "held-rule", "both"),
    ("held: {for: 6 months}", "held: {}", "held-rule", "neither"),
    ("held: {once_in: half_year}", "held: {once_in: sometimes}", "window", "takes a window"),
    ("held: {once_in: half_year}", "held: {once_in: 1 year earlier}", "window", "of a certain length"),
    ("require: [points >= 90], held", "require: [in_a_row(passes) >= 2], held", "wrong-level", "cannot be used here"),
    ("to: partner", "to: country", "unknown-word", "choose partner or territory"),
    ("level: highest, levels: [{name: Global, require: ['parts(level >= \"Good\" and region == \"North\") >= 2']}]", "level: none", "missing-key", "gives no level"),
    ("name: Global", "name: Good", "duplicate-name", "a level of the parts"),
    ('level >= "Good" and', 'level >= "Goood" and', "unknown-name", "did you mean `Good`?"),
    ("'parts(level", "'sold > 1 and parts(level", "unknown-name", "`sold`"),
    ("'parts(level >= \"Good\" and region == \"North\") >= 2'", "parts(parts(level) > 1) > 1", "wrong-level", "in the levels of a `rollup`"),
    ("in_a_row(passes) >= 2", "parts(passes) >= 2", "wrong-level", "in the levels of a `rollup`"),
    ("previous(sold)", "previous(previous(sold))", "wrong-level", "not inside another of its kind"),
    ("previous(sold)", "any_day(sold > 1, ttm)", "wrong-level", "in levels and in `triggers`"),
    ("in_a_row(sold >= 1 and sold <= 9)", "in_a_row(sold)", "not-a-rule", "`sold` is count, not yes or no"),
    ("count_true(sold < 5, half_year)", "count_true(sold < 5)", "argument-count", "takes 2 arguments"),
    ("count_true(sold < 5, half_year)", "count_true(sold < 5, half_a_year)", "unknown-name", "is not a window"),
    ("count_true(sold < 5, half_year) > 1 or", "count_true(sold < 5, half_year) or", "not-a-rule", "count, not yes or no"),
    ("name: look", "name: recover", "duplicate-name", "stands twice"),
    (", within: 2 months", "", "missing-key", "needs `within`"),
    ("within: 2 months", "within: soon", "wrong-type", "takes a length of time"),
    ("earlier: as known now", "earlier: as it is", "unknown-word", "as known now"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "words"), MISTAKES, ids=[f"{m[2]}-{n}" for n, m in enumerate(MISTAKES)])
def test_a_mistake_about_time_is_told_with_its_place_and_remedy(old, new, code, words):
    assert WHOLE.count(old) == 1, old
    framework, problems = read(WHOLE.replace(old, new))
    told = [problem for problem in problems if problem.code == code]
    assert framework is None and told, [str(problem) for problem in problems]
    assert any(words in str(problem) and "(line " in problem.where for problem in told), [str(problem) for problem in told]
