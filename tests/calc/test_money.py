"""Amounts are exact on the way in, inside and on the way out."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.calc import money
from steelyard.calc.errors import Refused

AMOUNTS = st.integers(-money.LARGEST, money.LARGEST)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0), ("12", 120000), ("12.5", 125000), ("-0.0001", -1), ("+3.10", 31000), (".5", 5000), ("7.", 70000), (" 8 ", 80000),
        ("1.23450000", 12345), ("100000000000", 10**15), (Decimal("1E+2"), 1000000), (Decimal("12.3400"), 123400), (7, 70000),
    ],
)  # fmt: skip
def test_amounts_are_read_exactly(text, amount):
    assert money.parse(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.00001", "too-many-decimals"), ("100000000000.0001", "too-large"), ("-100000000001", "too-large"), ("1e5", "not-a-number"),
        ("1,5", "not-a-number"), ("", "not-a-number"), ("abc", "not-a-number"), ("1_000", "not-a-number"), ("NaN", "not-a-number"),
        (Decimal("NaN"), "not-a-number"), (Decimal("Infinity"), "not-a-number"), (Decimal("1E+999999"), "too-large"), ("٣", "not-a-number"),
    ],
)  # fmt: skip
def test_amounts_that_would_need_rounding_or_guessing_are_refused(text, code):
    with pytest.raises(Refused) as refused:
        money.parse(text)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.found and problem.hint


@given(AMOUNTS)
def test_what_is_written_reads_back(amount):
    assert money.parse(money.format(amount)) == amount


def test_amounts_show_two_decimals_at_least():
    assert [money.format(amount) for amount in (12345000, -5, 0, 10000, 10500)] == ["1234.50", "-0.0005", "0.00", "1.00", "1.05"]


@given(AMOUNTS, st.integers(1, 10**20), st.integers(1, 10**20))
def test_conversion_rounds_half_even_once(amount, numerator, denominator):
    exact = Fraction(amount) * numerator / denominator
    assert money.convert(amount, numerator, denominator) == round(exact)


def test_half_a_ten_thousandth_goes_to_the_even_side():
    assert [money.convert(amount, 1, 2) for amount in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]
    with pytest.raises(Refused):
        money.convert(1, 0, 1)


def test_currencies_know_their_digits():
    assert [money.digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    with pytest.raises(Refused):
        money.digits("EURO")
