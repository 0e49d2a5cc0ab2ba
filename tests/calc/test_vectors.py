"""Vectors: what is given replaces what would be computed, what is expected is exact."""

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.framework.document import load_plain
from steelyard.calc.framework.read import read
from steelyard.calc.units import Blank
from steelyard.calc.vectors import read_vectors, run_text
from steelyard.calc.vectors.changing import with_changes
from steelyard.calc.vectors.read import value_of

HEAD = "framework: tested\nsubject: partner\ngrain: quarter\neffective: 2026-01-01\n"
FRAMEWORK = """
settings: {least: 10}
tables:
  needed: {by: [region], rows: [{region: North, value: 3}], else: 1}
measures:
  users: {fact: orders, count: lines}
  people: {fact: activities, count: lines}
kpis:
  sold: {formula: users * 1, unit: count, better: higher, range: [0, 1000], no_data: skip}
  trained: {formula: people / needed(region), unit: percent, better: higher, round: 4, no_data: skip}
scorecard:
  combine: best
  of:
    wide: {kpi: sold, points: {line: [[0, 0], [5, 20]]}}
    deep: {kpi: trained, points: {line: [[0%, 0], [100%, 100]]}, require: [{rule: sold >= least, reason: too small}]}
levels:
  - {name: Low, require: [points >= 0]}
  - {name: High, require: [points >= 50, passes]}
"""


def outcome(framework, vector, text=FRAMEWORK):
    """What became of one vector, written as YAML."""
    (found,) = run_text(framework(text), f"framework: tested\nvectors:\n  - {vector}\n")
    return found


@pytest.mark.parametrize(
    "vector",
    [
        "{name: a, given: {kpis: {sold: 2.5, trained: 0%}}, expect: {items: {wide: 10}, kpis: {sold: 2.5}}}",  # finer than its grain
        "{name: a, given: {kpis: {sold: 12, trained: 79%}}, expect: {points: 79, chosen: deep, passes: true, level: High}}",
        "{name: a, given: {kpis: {sold: 9, trained: 79%}}, expect: {points: 20, chosen: wide, passes: true, level: Low}}",
        "{name: a, given: {kpis: {sold: 9, trained: 79%}, settings: {least: 9}}, expect: {points: 79}}",
        "{name: a, given: {measures: {users: 20, people: 2}, attributes: {region: North}}, expect: {kpis: {trained: 66.67%}}}",
        "{name: a, given: {measures: {users: 20, people: 2}, attributes: {region: South}}, expect: {kpis: {trained: 200%}, overall: 100}}",
        "{name: a, given: {kpis: {sold: null, trained: null}}, expect: {points: null, level: null, items: {wide: null}}}",
        "{name: a, given: {points: {total: 50}}, expect: {points: 50, level: High}}",
        "{name: a, given: {points: {wide: 33.3, deep: null}, kpis: {sold: 1, trained: 1}}, expect: {points: 33.3, chosen: wide}}",
        "{name: one, and another, given: {points: {total: 1}}, expect: {points: 1}}",
    ],
)
def test_a_vector_that_holds(framework, vector):
    assert outcome(framework, vector).differences == ()
    assert outcome(framework, vector).passed


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("points: 79.000001", "points: expected 79.000001, found 79"),
        ("points: null", "points: expected no value, found 79"),
        ("level: Low", "level: expected Low, found High"),
        ("passes: false", "passes: expected false, found true"),
        ("chosen: wide", "chosen: expected wide, found deep"),
        ("kpis: {trained: 79.01%}", "kpis.trained: expected 0.7901, found 0.79"),
        ("items: {wide: 19}", "items.wide: expected 19, found 20"),
        ("measures: {users: 3}", "measures.users: expected 3, found no value (it was not read)"),
    ],
)
def test_a_vector_that_fails_says_what_was_found(framework, expect, difference):
    found = outcome(framework, f"{{name: a, given: {{kpis: {{sold: 12, trained: 79%}}}}, expect: {{{expect}}}}}")
    assert (found.passed, found.differences) == (False, (difference,))


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        ("{name: a, given: {kpis: {sld: 1}}, expect: {points: 1}}", "(line 3, column 30): `sld` is not a KPI · did you mean `sold`?"),
        ("{name: a, given: {points: {wid: 1}}, expect: {points: 1}}", "`wid` is not a node of the scorecard · did you mean `wide`?"),
        ("{name: a, given: {kpi: {sold: 1}}, expect: {points: 1}}", "`kpi` is not a key of `given` · found `kpi` · did you mean `kpis`?"),
        ("{name: a, given: {kpis: {sold: 1}}, expect: {pionts: 1}}", "`pionts` is not a key of `expect`"),
        ("{name: a, given: {kpis: {sold: 1}}}", "the vector expects nothing"),
        ("{name: a, given: {kpis: [1]}, expect: {points: 1}}", "`kpis` is a mapping of names to values"),
        ("{name: a, given: {points: {total: 1}}, expect: {level: Hihg}}", "`Hihg` is not a level · did you mean `High`?"),
        ("{name: a, was: Mid, given: {points: {total: 1}}, expect: {level: High}}", "`Mid` is not a level"),
        ("{name: a, given: {points: {total: 1}}, expect: {triggers: [act]}}", "`act` is not a trigger"),
        ("{name: a, given: {settings: {leest: 1}}, expect: {points: 1}}", "`leest` is not a setting · did you mean `least`?"),
        ("{name: a, given: {tables: {nedeed: 1}}, expect: {points: 1}}", "`nedeed` is not a table · did you mean `needed`?"),
        ("{name: a, given: {measures: {user: 1}}, expect: {points: 1}}", "`user` is not a measure · did you mean `users`?"),
        ("{name: a, given: {facts: {order: []}}, expect: {points: 1}}", "`order` is not a key of `facts`"),
        ("{name: a, given: {facts: {orders: [{dat: 2026-01-01}]}}, expect: {points: 1}}", "fact `orders` has no column `dat`"),
        ("{name: a, given: {facts: {orders: [{amount: much}]}}, expect: {points: 1}}", "`amount` is money · found `much`"),
        (
            "{name: a, given: {facts: {orders: [{date: soon}]}}, expect: {points: 1}}",
            "`date` is date · found `soon` · write year-month-day",
        ),
        ("{name: a, given: {facts: {orders: [{partner: P}]}}, expect: {points: 1}}", "nobody says whose card it is · write `subject:`"),
        ("{name: a, given: {facts: {orders: [{amount: 5}]}}, expect: {points: 1}}", "a row of orders needs `date` · write year-month-day"),
        ("{name: a, given: {facts: {orders: [{amount: 0.00001}]}}, expect: {points: 1}}", "`amount` keeps 4 decimals · found `0.00001`"),
        ("{name: a, given: {facts: {orders: [{amount: 1e18}]}}, expect: {points: 1}}", "`amount` is too large to be kept"),
        (
            "{name: a, given: {facts: {orders: [{kind: retrun}]}}, expect: {points: 1}}",
            "`kind` takes one of a few words · found `retrun` · did you",
        ),
        ("{name: a, series: [{as_of: 2026-03-31}, {as_of: 2026-01-31}], expect: {points: 1}}", "the dates of a series rise"),
        ("{name: a, change: {kpis.sld.round: 1}, problem: {code: x}}", "`change` names a key that is not there: `kpis.sld.round`"),
        ("{name: a, problem: {code: x}}", "`problem` belongs to a `change`"),
        ("{name: a, given: {kpis: {sold: much}}, expect: {points: 1}}", "`sold` is a number · found `much` · write a number, 79%"),
        ("{name: a, given: {kpis: {sold: [1]}}, expect: {points: 1}}", "`sold` takes a single value here · found a list · write one value"),
        ("{name: a, given: {points: {total: true}}, expect: {points: 1}}", "`total` is a number · found `true`"),
        ("{name: a, given: {points: {total: 1}}, expect: {points: 2026-01-31}}", "`points` is a number · found `2026-01-31`"),
        ("{name: a, given: {points: {total: 1}}, expect: {passes: 1}}", "`passes` is yes or no · found `1` · write true or false"),
        ("{name: a, given: {points: {total: 1}}, expect: {items: {wide: x}}}", "`wide` is a number · found `x`"),
        ("{name: a, given: {settings: {least: soon}}, expect: {points: 1}}", "`least` is a number · found `soon`"),
        ("{name: a, given: {tables: {needed: much}}, expect: {points: 1}}", "`needed` gives a number · found `much`"),
        ("{name: a, given: {tables: {needed: [{region: N, value: a}]}}, expect: {points: 1}}", "`needed` gives a number · found `a`"),
        ("{name: a, given: {measures: {users: 2026-01-31}}, expect: {points: 1}}", "`users` is a number · found `2026-01-31`"),
        ("{name: a, given: {measures: {users: {ttm: x}}}, expect: {points: 1}}", "`users` is a number · found `x`"),
    ],
)
def test_a_mistake_in_a_vector_is_told_with_its_place(framework, vector, message):
    with pytest.raises(Refused) as refused:
        outcome(framework, vector)
    assert message in str(refused.value)
    assert "(line 3, column" in str(refused.value)


def test_all_mistakes_of_a_file_are_told_at_once(framework):
    text = """vectors:
  - {name: a, given: {kpis: {sld: 1}}, expect: {points: 1}}
  - {name: b, given: {kpis: {sold: 1}}, expect: {items: {wid: 1}}}
  - {name: b, given: {kpis: {sold: 1}}, expect: {points: 1}}
"""
    _, problems = read_vectors(text, framework(FRAMEWORK))
    assert [(problem.code, "line" in problem.where) for problem in problems] == [
        ("unknown-name", True), ("unknown-name", True), ("duplicate-name", True),
    ]  # fmt: skip


def test_a_vector_may_start_at_rows(framework):
    vector = """{name: a, as_of: 2026-03-31, given: {attributes: {region: North}, facts: {
      orders: [{document: 1, date: 2026-01-01, amount: 5}, {document: 2, date: 2026-03-31, amount: 5},
               {document: 3, date: 2025-12-31, amount: 5}],
      activities: [{date: 2026-02-01, kind: visit}]}},
      expect: {measures: {users: 2, people: 1}, items: {wide: 8}, kpis: {trained: 33.33%}}}"""
    assert outcome(framework, vector).differences == ()


def test_a_row_with_sign_minus_one_takes_an_equal_row_back(framework):
    row = "document: 1, line: 1, date: 2026-01-01, amount: 5"
    rows = f"[{{{row}}}, {{{row}, sign: -1}}]"
    vector = f"{{name: a, as_of: 2026-03-31, given: {{facts: {{orders: {rows}}}}}, expect: {{measures: {{users: 0}}}}}}"
    assert outcome(framework, vector).differences == ()


PEERS = """
peers: {same: [region], least: 2, with_self: true}
measures: {sales: {fact: orders, sum: amount, where: [{rule: amount > 0, reason: a credit}]}}
kpis: {share: {formula: sales / peer_mean(sales), unit: percent, better: higher, no_data: skip}}
scorecard: {combine: mean, of: {volume: {kpi: share, points: {line: [[0%, 0], [100%, 100]]}}}}
"""
ROWS = "{partner: P, date: 2026-02-01, amount: 10}, {partner: P, date: 2026-02-01, amount: -4}, {partner: Q, date: 2026-02-01, amount: 30}"


def test_rows_of_other_partners_are_those_of_peers(framework):
    vector = f"{{name: a, as_of: 2026-03-31, given: {{subject: P, attributes: {{region: X}}, facts: {{orders: [{ROWS}]}}}}, expect: "
    assert outcome(framework, vector + "{kpis: {share: 50%}, excluded: {sales: {a credit: 1}}}}", PEERS).differences == ()
    assert outcome(framework, vector + "{excluded: {sales: {a credit: 2}}}}", PEERS).differences == (
        "excluded.sales: expected 2 for `a credit`, found 1",
    )


def test_attributes_of_peers_come_from_given_masters(framework):
    vector = (
        "{name: a, as_of: 2026-03-31, given: {subject: P, attributes: {region: X}, masters: {partners: [{code: Q, region: Y}]}, "
        f"facts: {{orders: [{ROWS}]}}}}, expect: {{kpis: {{share: null}}}}}}"
    )
    assert outcome(framework, vector, PEERS).differences == ()


def test_a_given_kpi_is_the_subjects_and_its_peers_keep_theirs(framework):
    text = PEERS.replace("kpis: {share:", "kpis: {sold: {formula: sales, unit: money, no_data: zero}, share:").replace(
        "sales / peer_mean(sales)", "sold / peer_mean(sold)"
    )
    vector = (
        f"{{name: a, as_of: 2026-03-31, given: {{subject: P, attributes: {{region: X}}, kpis: {{sold: 10}}, facts: {{orders: [{ROWS}]}}}}, "
    )
    assert outcome(framework, vector + "expect: {kpis: {share: 50%}}}", text).differences == ()


@pytest.mark.parametrize(
    ("tables", "trained"),
    [
        ("{needed: 4}", "50%"),
        ("{needed: [{region: North, value: 8}]}", "25%"),
        ("{needed: [{region: North, value: 8, from: 2026-04-01}]}", "200%"),
    ],
)
def test_a_given_table_has_other_rows_or_one_value(framework, tables, trained):
    vector = (
        f"{{name: a, as_of: 2026-03-31, given: {{tables: {tables}, measures: {{people: 2, users: 1}}, attributes: {{region: North}}}}, "
        f"expect: {{kpis: {{trained: {trained}}}}}}}"
    )
    assert outcome(framework, vector).differences == ()


GROWTH = """
measures: {people: {fact: activities, count: lines}}
kpis: {growth: {formula: 'people[period] / people[last_year] - 1', unit: percent, no_data: skip}}
levels: [{name: Low, require: []}]
"""


@pytest.mark.parametrize("given", ["{'people[period]': 11, 'people[last_year]': 10}", "{people: {period: 11, last_year: 10}}"])
def test_measures_are_given_per_window(framework, given):
    vector = f"{{name: a, given: {{measures: {given}}}, expect: {{kpis: {{growth: 10%}}}}}}"
    assert outcome(framework, vector, GROWTH).differences == ()


def test_the_last_date_of_a_series_is_compared_and_what_it_does_not_give_holds_throughout(framework):
    vector = (
        "{name: a, given: {kpis: {trained: 79%}}, series: [{as_of: 2026-03-31, kpis: {sold: 12}}, {as_of: 2026-06-30, kpis: {sold: 9}}], "
        "expect: {points: 20, standings: [High, Low], triggers: []}}"
    )
    assert outcome(framework, vector).differences == ()
    wrong = vector.replace("[High, Low]", "[Low, Low]")
    assert outcome(framework, wrong).differences == ("standings: expected Low, Low, found High, Low",)


BANDED = FRAMEWORK.replace("{line: [[0, 0], [5, 20]]}", "{bands: [{to: 97, points: 0}, {from: 98, points: 25}]}")


def test_a_changed_framework_must_give_its_problem(framework):
    vector = "{name: a, change: {kpis.sold.unit: number}, problem: {code: band-gap, where: wide, witness: 97.5}}"
    assert outcome(framework, vector, BANDED).differences == ()
    (difference,) = outcome(framework, vector.replace("97.5", "98.5"), BANDED).differences
    assert difference.startswith("expected the problem {'code': 'band-gap', 'where': 'wide', 'witness': '98.5'}, found ['scorecard.of.wide")


def test_a_changed_framework_may_also_be_computed(framework):
    vector = "{name: a, change: {settings.least: 5, levels.High.require: [points >= 90.5]}, given: {kpis: {sold: 5, trained: 90%}}, "
    assert outcome(framework, vector + "expect: {points: 90, level: Low}}").differences == ()
    (difference,) = outcome(
        framework, "{name: a, change: {settings.least: null}, given: {kpis: {sold: 5}}, expect: {points: 90}}"
    ).differences
    assert "`least` is not" in difference


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("79%", Fraction(79, 100)), ("66.6666667%", Fraction(666666667, 10**9)), ("-5 %", Fraction(-5, 100)), ("100%", 1),
        ("Gold", "Gold"), ("50% off", "50% off"), ("null", Blank("given as blank")), ("0.1", Fraction(1, 10)), ("'12'", "12"),
        ("true", True), ("2026-01-01", date(2026, 1, 1)), ("1_000%", 10), ("None", "None"), ("14 days", 14),
    ],
)  # fmt: skip
def test_values_are_read_exactly(written, value):
    document, _ = load_plain(f"a: {written}")
    found = value_of(document.tree.entries["a"].node)
    assert found == value
    assert type(found) is type(value)


def test_a_file_without_vectors_is_refused(framework):
    with pytest.raises(Refused, match="a list `vectors`"):
        run_text(framework(FRAMEWORK), "framework: tested")


def test_a_change_replaces_or_takes_out_one_key_and_leaves_the_rest():
    def changed(text):
        document, _ = load_plain(text)
        return with_changes(HEAD + FRAMEWORK, {path: entry.node for path, entry in document.tree.entries.items()})

    found, problems = read(changed("scorecard.of.deep.cap: 60.5\nlevels.1.require: [points >= 1]"))
    assert (problems, found.scorecard.items[1].cap) == ([], Fraction(121, 2))
    assert [level.require[0].text for level in found.levels] == ["points >= 1", "points >= 50"]
    assert (found.effective, found.kpis) == (date(2026, 1, 1), read(HEAD + FRAMEWORK)[0].kpis)
    assert "effective" not in changed("effective: null")
    assert "Low" not in changed("levels.Low: null")
    with pytest.raises(Refused, match=r"scorecard\.of\.dep"):
        changed("scorecard.of.dep.cap: 3")
