"""Numbers, money and dates in the reader's language."""

import re
from datetime import UTC, date, datetime

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from steelyard.ui import formats


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["76.9", "96.8%", "€48,200,000", "€48.2M", "1,234", "−2.2", "74.5", "1.91"]),
        ("de", ["76,9", "96,8\xa0%", "48.200.000\xa0€", "48,2\xa0Mio.\xa0€", "1.234", "−2,2", "74,5", "1,91"]),
    ],
)
def test_a_stored_number_is_written_as_the_language_writes_it(language, expected):
    with translation.override(language):
        written = [
            formats.amount(76_900_000, "points"),
            formats.amount(968_000_000, "percent"),
            formats.amount(482_000_000_000, "money", currency="EUR"),
            formats.amount(482_000_000_000, "money", currency="EUR", short=True),
            formats.amount(1234, "count"),
            formats.amount(-2_200_000, "points"),
            formats.amount(74_500, "days"),
            formats.amount(1_910_000, "number"),
        ]
    assert written == expected


def test_what_is_shown_is_rounded_half_up_and_only_once():
    assert formats.amount(76_950_000, "points") == "77.0"
    assert formats.amount(76_949_999, "points") == "76.9"
    assert formats.amount(-50_000, "points") == "−0.1"
    assert formats.amount(5, "count", digits=2) == "5"  # never finer than the grain


def test_a_code_of_letters_stands_apart_from_its_number_and_a_sign_does_not():
    with translation.override("en"):
        for code, wanted in (("CHF", ["−CHF\u00a028,120,000", "CHF\u00a028.1M"]), ("EUR", ["−€28,120,000", "€28.1M"])):
            long = formats.amount(-28_120_000_0000, "money", digits=0, currency=code)
            assert [long, formats.amount(28_120_000_0000, "money", currency=code, short=True)] == wanted


def test_days_and_moments_say_their_zone():
    with translation.override("en"):
        assert formats.day(date(2026, 10, 5)) == "5 Oct 2026"
        assert formats.moment(datetime(2026, 10, 5, 6, 0, tzinfo=UTC)) == "5 Oct 2026, 06:00 UTC"
    with translation.override("de"):
        assert formats.day(date(2026, 10, 5)) == "05.10.2026"
        assert formats.moment(datetime(2026, 10, 5, 6, 0, tzinfo=UTC)) == "05.10.2026, 06:00 UTC"


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@limits(deadline=None)
@given(stored=st.integers(-(2**63), 2**63), places=st.integers(0, 4), currency=st.sampled_from(["", "EUR", "USD", "CHF", "JPY"]))
def test_every_number_is_written_as_the_rules_of_the_language_have_it(language, stored, places, currency):
    value, here = formats.exact(stored, "money", places), Locale(language)
    decimals = f".{'0' * places}" if places else ""
    if currency:
        pattern = here.currency_formats["standard"].pattern.split(";")[0].replace("0.00", f"0{decimals}")
        expected = format_currency(value, currency, format=pattern, locale=here, currency_digits=False)
        expected = re.sub(r"(?<=[A-Z])(?=\d)", "\u00a0", expected)
    else:
        expected = format_decimal(value, format=f"#,##0{decimals}", locale=here)
    with translation.override(language):
        assert formats.amount(stored, "money", digits=places, currency=currency) == expected.replace("-", formats.MINUS)
