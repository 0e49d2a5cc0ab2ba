"""The sample company as the generators see it: partners, products, who looks after whom, prices and rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from . import atlas, calendar, cast
from .catalogue import Catalogue
from .draws import Draws, Whole
from .partners import Partners

_RATE_UNIT = 1_000_000  # rates are carried in millionths
_SEASON = np.array([960, 940, 1080, 960, 980, 1090, 930, 860, 1080, 1010, 1030, 1080], dtype=np.int64)


class World:
    """Everything that is true about the company; same seed and scale, same world."""

    def __init__(self, seed: int = 7, scale: Decimal | int = 1) -> None:
        self.seed, self.scale = seed, Decimal(scale)
        self.partners = Partners(seed, scale)
        self.catalogue = Catalogue(seed)
        self.ranges: Whole = self.catalogue.ranges(seed, self.partners.count)
        self.territories = [code for country in atlas.COUNTRIES for code, _ in country.territories]
        self.territory_of: Whole = np.array([self.territories.index(code) for code in self.partners.territory], dtype=np.int64)

    def draws(self, *name: object) -> Draws:
        """A stream of draws of this world's seed."""
        return Draws(self.seed, *name)

    # --- who looks after whom -------------------------------------------------------------------------------------

    @cached_property
    def assignments(self) -> list[tuple[str, str | None, str | None, date | None, date | None]]:
        """(representative, territory, partner, first day, last day); one representative per territory and time."""
        rows: list[tuple[str, str | None, str | None, date | None, date | None]] = []
        for number, territory in enumerate(self.territories):
            code = f"R{number + 1:02d}"
            if territory == "DE-S":
                rows.append((code, territory, None, None, calendar.as_date(calendar.day(cast.REPRESENTATIVE_MOVED) - 1)))
                rows.append(("R31", territory, None, cast.REPRESENTATIVE_MOVED, None))
            elif territory == "US-W":
                rows.append((code, territory, None, None, date(2024, 3, 31)))
                rows.append(("R30", territory, None, date(2024, 4, 1), None))
            else:
                rows.append((code, territory, None, None, None))
        rows.append(("R29", None, "GB-0001", date(2024, 1, 1), None))  # a key account has somebody of its own
        return rows

    def representative_on(self, territory: str, when: date) -> str:
        """Who looks after a territory on a day."""
        for code, place, _, first, last in self.assignments:
            if place == territory and (first is None or first <= when) and (last is None or when <= last):
                return code
        raise LookupError(territory)

    # --- volumes, prices and rates --------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> Whole:
        """Order lines per partner and month: about 300,000 x scale in all."""
        partners = self.partners
        months = np.arange(calendar.MONTHS)
        size = partners.weight[:, None] * partners.trend() // 1000 * _SEASON[months % 12] // 1000
        wanted = int(self.scale * 300_000) * 1000  # in thousandths of a line
        thousandths = size * wanted // int(size.sum())
        chance = self.draws("lines").below(1000, size.size).reshape(size.shape)
        counts: Whole = (thousandths + chance) // 1000
        counts[cast.NEW] = 0
        counts[cast.NEW, calendar.month_of(cast.NEW_SINCE) :] = (3, 9)
        return counts

    @cached_property
    def price_factor(self) -> Whole:
        """Local currency for 1,000 EUR of list price, by partner and month; price lists lag the market."""
        months = np.arange(calendar.MONTHS)
        factor = np.array([atlas.PER_1000_EUR[currency] for currency in self.partners.currency], dtype=np.int64)
        inflation = 1000 + 2 * months  # list prices rise 2.4 % a year
        factors = factor[:, None] * inflation // 1000
        lira = np.array([currency == "TRY" for currency in self.partners.currency])
        shock = calendar.month_of(cast.SHOCK_ON)
        steps = np.where(months <= shock, 1000 + 14 * months, 1000 + 14 * shock + 160 + 16 * (months - shock))
        factors[lira] = factor[lira][:, None] * steps // 1000
        return factors

    @cached_property
    def rates(self) -> dict[str, list[tuple[date, int]]]:
        """Per currency the rate of every business day: millionths of it for one EUR."""
        days = [calendar.as_date(number) for number in range(int(calendar.MONTH_START[0]) - 4, int(calendar.MONTH_START[-1]))]
        days = [when for when in days if when.weekday() < 5]
        rates: dict[str, list[tuple[date, int]]] = {}
        for currency, per_1000 in atlas.PER_1000_EUR.items():
            if currency == "EUR":
                continue
            draws = self.draws("rates", currency)
            steps = (draws.between(-2600, 2600, len(days)) + draws.between(-2600, 2600, len(days))).tolist()
            middle = rate = per_1000 * _RATE_UNIT // 1000
            series = []
            for when, step in zip(days, steps, strict=True):
                if currency == "TRY":
                    middle += middle * 6 // 10_000
                    if when == cast.SHOCK_ON:
                        middle, rate = middle * 13 // 10, rate * 127 // 100
                rate += rate * step // 1_000_000 + (middle - rate) * 2 // 100
                series.append((when, rate // 10 * 10))
            rates[currency] = series
        return rates
