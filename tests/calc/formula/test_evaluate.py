"""Formulas are evaluated column by column, exactly, and blanks keep their first reason."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.formula import NameScope, check, parse, to_text
from steelyard.calc.formula.evaluate import Environment, columns
from steelyard.calc.formula.nodes import DATE, MONEY, NUMBER, YES_NO
from steelyard.calc.framework.model import Peers, PointsRule, Table, TableRow
from steelyard.calc.units import Blank
from tests.thoroughness import examples

from .row_by_row import value_of

LATE, MISSING = Blank("report missing"), Blank("not asked")
TODAY = date(2026, 6, 30)


def evaluate(text, n=1, **given):
    """The column of a formula; a plain value among ``given`` stands at every point."""
    table = {name: value if isinstance(value, list) else [value] * n for name, value in given.items()}
    n = max([n, *(len(column) for column in table.values())])
    return columns(parse(text), Environment(as_of=[TODAY] * n, column=table.__getitem__, levels=("Silver", "Gold")), n)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2 == 0.3", True), ("1 / 3 * 3", 1), ("7 / 2", Fraction(7, 2)), ("60% * 5", 3), ("min(3, 1, 2) + max(1, 2)", 3),
        ("clamp(7, 0, 5)", 5), ("clamp(-1, 0, 5)", 0), ("floor(-0.5)", -1), ("abs(-2.5)", Fraction(5, 2)),
        ("round(2.345, 2)", Fraction(47, 20)),
        ("round(-2.5)", -3), ("round(12345, -2)", 12300), ("power(2, 10)", 1024), ("power(4, -1)", Fraction(1, 4)), ("power(0, 0)", 1),
        ("2026-03-31 - 2026-03-01", 30), ("2026-01-31 + 14 days", date(2026, 2, 14)), ("2024-02-29 - 12 months", date(2023, 2, 28)),
        ("14 days + 2026-01-31", date(2026, 2, 14)), ("2026-01-31 + 1 month", date(2026, 2, 28)),
        ("months_between(2025-01-15, 2026-02-14)", 12),
        ("2026-01-31 in [2026-01-30, 2026-01-31]", True), ('"a" == "b" or "a" != "b"', True),
    ],
)  # fmt: skip
def test_calculation_is_exact(text, value):
    (found,) = evaluate(text)
    assert found == value


def test_minus_five_squared_giving_minus_25_cannot_be_written():
    """ERPNext's scorecard turned `-5 ** 2` into -25; here the square is a function, so the sign has one place."""
    assert evaluate("power(x, 2)", x=-5) == [25]
    assert evaluate("power(-5, 2)") == [25]
    assert evaluate("-power(5, 2)") == [-25]


def test_numbers_that_would_eat_the_machine_are_blank():
    assert evaluate("power(power(power(99, 20), 20), 20)") == [Blank("the number is too large")]
    assert evaluate("9999-12-31 + 14 days") == [Blank("the date is out of range")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("late + missing", LATE), ("missing + late", MISSING), ("late > 3", LATE), ("-late", LATE), ("min(1, late)", LATE),
        ("1 / 0", Blank("denominator is 0")), ("late / 0", LATE), ("power(0, -1)", Blank("denominator is 0")),
        ("late > 0 and false", False), ("false and late > 0", False), ("late > 0 and true", LATE), ("true and late > 0", LATE),
        ("late > 0 or true", True), ("late > 0 or false", LATE), ("late > 0 or missing > 0", LATE), ("not late > 0", LATE),
        ("late in [1, 2]", LATE), ("1 in [late, 1]", True), ("1 in [late, 2]", LATE), ("1 in [3, 2]", False),
        ("when(late > 0, 1, 2)", LATE), ("when(true, 1, late)", 1), ("when(false, 1, late)", LATE), ("if_blank(late, 7)", 7),
        ("if_blank(3, late)", 3), ("is_blank(late)", True), ("is_blank(3)", False), ("late == late", LATE), ("if_blank(1 / 0, 0)", 0),
    ],
)  # fmt: skip
def test_a_blank_keeps_its_first_reason_and_logic_has_three_values(text, value):
    assert evaluate(text, late=LATE, missing=MISSING) == [value]


def test_levels_compare_by_their_order():
    assert evaluate('level >= "Gold"', level=["Silver", "Gold", LATE]) == [False, True, LATE]
    assert evaluate('level > "Silver" and level == "Gold"', level=["Silver", "Gold"]) == [False, True]


SALES = Table(
    "sales_for",
    ("region", "level"),
    (
        TableRow(("North", "Gold"), 220000, date(2027, 1, 1)),
        TableRow(("North", "Gold"), 200000),
        TableRow(("South", "Gold"), 90000, date(2026, 7, 1)),
    ),
    MONEY,
)


def look_up(text, table=SALES, **given):
    n = 1
    rows = {name: [value] for name, value in given.items()}
    return columns(parse(text), Environment([TODAY], rows.__getitem__, tables={"sales_for": table}), n)[0]


def test_tables_are_read_at_the_as_of_date_or_at_the_date_given():
    assert look_up('sales_for(region, "Gold")', region="North") == 200000
    assert look_up('sales_for(region, "Gold", 2027-01-01)', region="North") == 220000
    assert look_up('sales_for(region, "Gold", signed)', region="North", signed=date(2026, 12, 31)) == 200000


def test_a_missing_key_is_the_else_of_the_table_or_says_what_is_missing():
    assert look_up('sales_for("North", "Silver")') == Blank("no row in sales_for for (North, Silver)")
    assert look_up('sales_for("South", "Gold")') == Blank("no row in sales_for for (South, Gold)")
    assert look_up("sales_for(region, level)", region=LATE, level=MISSING) == LATE
    with_else = Table("sales_for", SALES.by, SALES.rows, MONEY, otherwise=0)
    assert look_up('sales_for("North", "Silver")', with_else) == 0


def test_curves_give_points():
    def half(rule, value):
        assert rule == PointsRule("value")
        return Fraction(value) / 2

    environment = Environment([TODAY] * 2, {"x": [3, LATE]}.__getitem__, curves={"late_points": PointsRule("value")}, curve_points=half)
    assert columns(parse("late_points(x) + 1"), environment, 2) == [Fraction(5, 2), LATE]


def test_windows_and_nodes_are_asked_for():
    asked = {"points(commercial)": [40], "points": [80]}
    environment = Environment([TODAY], asked.__getitem__, windowed=lambda measure, window: [{"ttm": 6, "prior_ttm": 4}[window]])
    assert columns(parse("sales[ttm] / sales[prior_ttm] - 1"), environment, 1) == [Fraction(1, 2)]
    assert columns(parse("points(commercial) / points"), environment, 1) == [Fraction(1, 2)]


ANY_NUMBER = Peers(least=1)


def over_peers(function, values, peers=ANY_NUMBER, groups=None, as_of=None):
    n = len(values)
    environment = Environment(as_of or [TODAY] * n, {"x": values}.__getitem__, groups=groups or ["all"] * n, peers=peers)
    return columns(parse(f"{function}(x)"), environment, n)


@pytest.mark.parametrize(
    ("function", "with_self", "without"),
    [
        ("peer_mean", [5, 5, 5, 5], [6, Fraction(17, 3), Fraction(17, 3), Fraction(8, 3)]),
        ("peer_median", [3, 3, 3, 3], [3, 3, 3, 3]),
        ("peer_min", [2, 2, 2, 2], [3, 2, 2, 2]),
        ("peer_max", [12, 12, 12, 12], [12, 12, 12, 3]),
        ("peer_count", [4, 4, 4, 4], [3, 3, 3, 3]),
        ("percentile", [Fraction(1, 8), Fraction(1, 2), Fraction(1, 2), Fraction(7, 8)], [0, Fraction(1, 2), Fraction(1, 2), 1]),
    ],
)
def test_peers_with_and_without_oneself(function, with_self, without):
    values = [2, 3, 3, 12]
    assert over_peers(function, values) == with_self
    assert over_peers(function, values, Peers(least=1, with_self=False)) == without


def test_blanks_are_left_out_and_too_few_peers_say_so():
    values = [1, LATE, 3, 5]
    assert over_peers("peer_mean", values) == [3, 3, 3, 3]
    assert over_peers("percentile", values)[1] == LATE
    assert over_peers("peer_mean", values, Peers(least=5))[0] == Blank("3 peers, 5 needed")
    assert over_peers("peer_count", values, Peers(least=5)) == [3, 3, 3, 3]
    assert over_peers("peer_max", [4], Peers(least=0, with_self=False)) == [Blank("0 peers, 1 needed")]


def test_peers_are_of_the_same_group_and_date():
    assert over_peers("peer_max", [1, 2, 3, 4], groups=["a", "a", "b", "b"]) == [2, 2, 4, 4]
    days = [TODAY, TODAY, date(2026, 5, 31), date(2026, 5, 31)]
    assert over_peers("peer_max", [1, 2, 3, 4], as_of=days) == [2, 2, 4, 4]


@given(st.lists(st.one_of(st.fractions(0, 9, max_denominator=4), st.just(LATE)), min_size=1, max_size=12), st.booleans())
def test_peer_functions_agree_with_counting_one_by_one(values, with_self):
    peers = Peers(least=1, with_self=with_self)
    for point, own in enumerate(values):
        others = sorted(x for at, x in enumerate(values) if not isinstance(x, Blank) and (with_self or at != point))
        median, percentile, mean = (over_peers(name, values, peers)[point] for name in ("peer_median", "percentile", "peer_mean"))
        if not others:
            assert isinstance(median, Blank) and isinstance(mean, Blank)
            continue
        middle = len(others) // 2
        assert median == (others[middle] if len(others) % 2 else Fraction(others[middle - 1] + others[middle]) / 2)
        assert mean == Fraction(sum(others), len(others))
        if not isinstance(own, Blank):
            below, equal = sum(x < own for x in others), sum(x == own for x in others)
            assert percentile == Fraction(2 * below + equal, 2 * len(others))


# random formulas --------------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(st.integers(-50, 50), st.fractions(-9, 9, max_denominator=20), st.sampled_from([LATE, MISSING]))
RULES = st.sampled_from([True, False, LATE, MISSING])
DATES = st.one_of(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.just(LATE))
ROWS = st.lists(st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS, "p": RULES, "q": RULES, "d": DATES, "e": DATES}), min_size=1, max_size=6)
SCOPE = NameScope(names={"a": NUMBER, "b": NUMBER, "p": YES_NO, "q": YES_NO, "d": DATE, "e": DATE})


def _texts(number, rule, day):
    """Formulas one step deeper than the given ones, each with the kind of its result."""
    numbers = st.one_of(
        st.builds("({} {} {})".format, number, st.sampled_from("+-*/"), number),
        st.builds("-{}".format, number),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "if_blank"]), number, number),
        st.builds("{}({})".format, st.sampled_from(["abs", "floor"]), number),
        st.builds("round({}, {})".format, number, st.integers(0, 3)),
        st.builds("power({}, {})".format, number, st.integers(0, 2)),
        st.builds("clamp({}, {}, {})".format, number, number, number),
        st.builds("when({}, {}, {})".format, rule, number, number),
        st.builds("months_between({}, {})".format, day, day),
    )
    rules = st.one_of(
        st.builds("({} {} {})".format, rule, st.sampled_from(["and", "or"]), rule),
        st.builds("(not {})".format, rule),
        st.builds("({} {} {})".format, number, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), number),
        st.builds("({} < {})".format, day, day),
        st.builds("({} in [{}, {}])".format, number, number, number),
        st.builds("is_blank({})".format, number),
    )
    days = st.one_of(st.builds("({} {} {} {})".format, day, st.sampled_from("+-"), st.integers(1, 40), st.sampled_from(["days", "months"])))
    return numbers, rules, days


def formulas(depth):
    number: st.SearchStrategy = st.sampled_from(["a", "b", "0", "1", "2.5", "40%"])
    rule: st.SearchStrategy = st.sampled_from(["p", "q", "true"])
    day: st.SearchStrategy = st.sampled_from(["d", "e", "2024-02-29"])
    for _ in range(depth):
        deeper = _texts(number, rule, day)
        number, rule, day = (st.one_of(old, new) for old, new in zip((number, rule, day), deeper, strict=True))
    return st.one_of(number, rule, day)


@settings(max_examples=examples(150), deadline=None)
@given(formulas(3), ROWS)
def test_columns_agree_with_a_row_by_row_evaluator(text, rows):
    tree = parse(text)
    _, problems = check(tree, SCOPE, text)
    assert {problem.code for problem in problems} <= {"always-zero-denominator", "mixed-units"}
    by_name = {name: [row[name] for row in rows] for name in "abpqde"}
    found = columns(tree, Environment([TODAY] * len(rows), by_name.__getitem__), len(rows))
    assert found == [value_of(tree, row) for row in rows]


@settings(max_examples=examples(80), deadline=None)
@given(formulas(3))
def test_a_tree_is_written_so_that_it_reads_back(text):
    tree = parse(text)
    assert parse(to_text(tree)) == tree
