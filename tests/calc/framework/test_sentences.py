"""Plain sentences: what they say, that no number is lost, and what a new version changes."""

# ruff: noqa: E501 (sentences stay whole)

import re
from fractions import Fraction

import pytest

from steelyard.calc.formula.nodes import Formula, Literal
from steelyard.calc.framework.formulas import walk
from steelyard.calc.framework.numbers import spoken
from steelyard.calc.framework.read import read
from steelyard.calc.framework.wording.sentences import difference, sentences

from .examples import DISTRIBUTOR, changed

SPOKEN = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?(?: / [0-9]+)?(?: ?%)?")


@pytest.fixture(scope="module")
def said():
    return {sentence.path: sentence.text for sentence in sentences(read(DISTRIBUTOR)[0])}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("measures.net_sales", "Net sales: Amount added up over orders of the quarter. Only where kind is not “free goods”, or where that is unknown (others are left out: free goods)."),
        ("measures.customers", "Customers: How many different values of end customer appear in orders of the last 12 months."),
        ("measures.certified", "Certified: How many different values of person appear in certificates valid on the last day of the quarter."),
        ("kpis.attainment", "Attainment: Net sales divided by target. Given in percent. Rounded to 4 decimals. Higher is better. Without data, it is not scored and its weight goes to the other items."),
        ("kpis.coop", "Coop: Cooperation. Given in points. Best between 3 and 5. Without data, its last value is kept for at most 2 periods."),
        ("scorecard.of.commercial.of.sales", "Sales: Scored by attainment. 0 points up to 60 %, rising evenly to 100 points at 100 %, rising evenly to 120 points at 120 %; the same beyond. At most 100 points."),
        ("scorecard.of.commercial.of.rising", "Rising: Scored by growth. Below 0 %: 0 points. From 0 % to below 5 %: 50 points. From 5 %: 100 points."),
        ("scorecard.of.capability.of.trained", "Trained: Scored by people. 4 points for each full unit of people. At most 20 points."),
        ("tables.sales_for", "Sales for: Looked up by region and level. North, Gold: 200,000 EUR. South, Gold from 1 January 2027: 150,000 EUR. Other keys have no value."),
        ("levels.Silver", "Silver: No requirements."),
        ("levels.Gold", "Gold: The score is at least 60. Either people is at least 3 and net sales is at least sales for (region, “Gold”) divided by 2; or net sales is at least sales for (region, “Gold”). Then: show badge."),
    ],
)  # fmt: skip
def test_definitions_in_plain_words(said, path, text):
    assert said[path] == text


def test_growth_is_a_comparison(said):
    assert "Net sales (the last 12 months) compared with net sales (the last 12 months, 12 months earlier)" in said["kpis.growth"]
    assert "(base too small)" in said["kpis.growth"]


def test_gates_say_what_follows(said):
    assert "Unless the lowest item is more than 0, it has at most 60 points (an item without points)." in said["scorecard.of.commercial"]
    assert "Commercial counts 60 parts, capability counts 40 parts (60 %, 40 %)." in said["scorecard"]


@pytest.mark.parametrize("value", [0, 7, -5, 1234567, Fraction(39, 40), Fraction(-1, 8), Fraction(1, 3), Fraction(10, 3), 10**12])
@pytest.mark.parametrize("unit", ["number", "percent", "money", "days"])
def test_numbers_are_read_back_exactly(value, unit):
    assert numbers_in(spoken(value, unit, "EUR")) == [value]


def numbers_in(text):
    """The numbers of a sentence, exactly as `spoken` wrote them."""
    plain = (number.replace(",", "").replace(" ", "") for number in SPOKEN.findall(text))
    return [Fraction(number.removesuffix("%")) / (100 if number.endswith("%") else 1) for number in plain]


def numbers_of(thing, found):
    """Every number stored anywhere in a framework, formulas included."""
    if isinstance(thing, bool) or thing is None or isinstance(thing, str):
        return found
    if isinstance(thing, int | Fraction):
        found.append(Fraction(thing))
    elif isinstance(thing, Formula):
        found += [
            Fraction(part.value)
            for part in walk(thing.tree)
            if isinstance(part, Literal) and isinstance(part.value, int | Fraction) and not isinstance(part.value, bool)
        ]
    elif isinstance(thing, dict):
        for one in thing.values():
            numbers_of(one, found)
    elif isinstance(thing, tuple | list):
        for one in thing:
            numbers_of(one, found)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            if name not in ("out_of", "place", "type", "source", "each", "shift"):
                numbers_of(getattr(thing, name), found)
    return found


def test_no_number_is_lost(said):
    framework, _ = read(DISTRIBUTOR)
    spoken_numbers = {Fraction(number) for text in said.values() for number in numbers_in(text)}
    stored = numbers_of([framework.settings, framework.tables, framework.curves, framework.kpis, framework.scorecard, framework.levels], [])
    # 1 is said as "compared with" in growth and 0 as the amount of a policy without one
    assert set(stored) - {0, 1} <= spoken_numbers
    assert {60, 85, Fraction(3, 5), 200000, 10000, 20, Fraction(2, 25)} <= spoken_numbers


def test_the_difference_is_told_in_plain_words():
    old, _ = read(DISTRIBUTOR)
    new, _ = read(
        changed(
            ("{from: 0%, points: 50}", "{from: 0%, points: 40}"),
            ("value: 200000", "value: 220000"),
            ("unit: count, no_data: zero}\n  width", "unit: count, no_data: fail}\n  width"),
            ("[points >= 85]", "[points >= 90]"),
            ("  late:", "  idle: {fact: orders, sum: cost}\n  late:"),
        )
    )
    assert [sentence.text for sentence in difference(old, new)] == [
        "Sales for: North, Gold is now 220,000 EUR (before: 200,000 EUR).",
        "New: Idle: Cost added up over orders of the quarter.",
        "People: now “Without data, it earns no points and does not pass” (before: “Without data, it earns no points”).",
        "Rising: from 0 % to below 5 % now earns 40 points (before: 50 points).",
        "Platinum: now “The score is at least 90” (before: “The score is at least 85”).",
    ]
    assert difference(old, old) == []
    assert [sentence.text for sentence in difference(new, old)][-1] == "Removed: Idle: Cost added up over orders of the quarter."
