"""Currencies and countries: their ISO codes, and the other ways in which people write them."""

from __future__ import annotations

from functools import cache

import pycountry
from babel import Locale

_CURRENCY_SIGNS = {
    "€": "EUR", "£": "GBP", "US$": "USD", "RMB": "CNY", "CN¥": "CNY", "元": "CNY", "ZŁ": "PLN", "₹": "INR", "₩": "KRW", "₺": "TRY",
    "₽": "RUB", "₫": "VND", "₪": "ILS", "฿": "THB", "KČ": "CZK", "FT": "HUF", "LEI": "RON", "C$": "CAD", "A$": "AUD", "R$": "BRL",
    "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "EURO": "EUR", "EUROS": "EUR", "SFR": "CHF", "SFR.": "CHF", "FR.": "CHF",
}  # fmt: skip
# signs that several currencies share: they may stand beside an amount of any of these, and name none
SHARED_SIGNS = {
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"}),
    "¥": frozenset({"JPY", "CNY"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "KR.": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
_NOT_MONEY = {"XXX", "XTS"}


@cache
def currency_codes() -> frozenset[str]:
    """Every ISO 4217 code, also of currencies that are no more: old rates and old orders use them."""
    return (frozenset(Locale("en").currencies) | {currency.alpha_3 for currency in pycountry.currencies}) - _NOT_MONEY


def currency_code(text: str) -> str | None:
    """The ISO code that a text means, if it means exactly one."""
    upper = text.strip().upper()
    return upper if upper in currency_codes() else _CURRENCY_SIGNS.get(upper)


@cache
def country_codes() -> dict[str, str]:
    """Every way to write a country that is read -> its ISO 3166 code of two letters; keys are case-folded."""
    known = {"uk": "GB"}
    for country in pycountry.countries:
        for attribute in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            text = getattr(country, attribute, None)
            if text:
                known.setdefault(text.casefold(), country.alpha_2)
    return known


def country_code(text: str) -> str | None:
    """The two letters that a text means."""
    return country_codes().get(text.strip().casefold())
