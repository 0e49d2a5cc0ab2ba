"""Rates: which ratio turns a currency into another on a day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.conversion import daily_ratios
from tests.calc.measures import world
from tests.thoroughness import examples

FIRST, LAST = date(2012, 1, 1), date(2012, 12, 31)


def ratios(currency, source=None, target="EUR", rates=world.RATES):
    table = daily_ratios(world.histories(rates=rates).rates, source, target, [currency], FIRST, LAST)
    assert table["date"].to_list() == [FIRST + timedelta(days=number) for number in range(366)]
    return {day: None if None in (up, down) else Fraction(up, down) for _, day, up, down in table.iter_rows()}


@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP", "CHF", "SEK", "DKK", "JPY"])
@pytest.mark.parametrize("source", [None, "ecb", "riks"])
def test_every_day_has_the_last_rate_published_up_to_it(currency, source):
    assert ratios(currency, source) == {day: world.ratio(currency, day, source=source) for day in ratios(currency, source)}


def test_a_pair_is_read_directly_backwards_or_crossed():
    day = date(2012, 7, 1)
    assert ratios("CHF")[day] == Fraction("0.82")
    assert ratios("GBP")[day] == 1 / Fraction("0.8123")
    assert ratios("SEK")[day] == Fraction("0.1401") / Fraction("1.1717")
    assert ratios("USD")[date(2012, 2, 9)] == Fraction(4, 5)
    assert ratios("USD", "riks")[day] == Fraction(1, 9)


def test_before_the_first_rate_and_without_any_there_is_none():
    assert ratios("DKK")[date(2012, 2, 29)] is None
    assert ratios("DKK")[date(2012, 3, 1)] == 1 / Fraction("7.44")
    assert set(ratios("JPY").values()) == {None}


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 10**19)), min_size=1, max_size=8, unique_by=lambda pair: pair[0]),
    st.booleans(),
)
def test_a_rate_is_exact_to_its_fifteenth_decimal_and_holds_until_the_next(published, backwards):
    base, quote = ("EUR", "XAU") if backwards else ("XAU", "EUR")
    rates = [
        ("s", base, quote, str(date(2011, 12, 1) + timedelta(days=day)), f"{whole // 10**15}.{whole % 10**15:015d}")
        for day, whole in published
    ]
    assert ratios("XAU", rates=rates) == {day: world.ratio("XAU", day, rates=rates) for day in ratios("XAU", rates=rates)}
